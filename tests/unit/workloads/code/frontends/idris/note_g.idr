-- The numbers of Bernoulli as Lovelace computes them in Note G, with ratios of a type of their own.

record Ratio where
  constructor MkRatio
  above : Integer
  below : Integer

covering
common : Integer -> Integer -> Integer
common a b = if b == 0 then abs a else common b (mod a b)

covering
ratio : Integer -> Integer -> Ratio
ratio a b =
  let d = common a b
      s = if b < 0 then -1 else 1
  in MkRatio (s * (div a d)) (abs (div b d))

covering
Num Ratio where
  MkRatio a b + MkRatio c d = ratio (a * d + c * b) (b * d)
  MkRatio a b * MkRatio c d = ratio (a * c) (b * d)
  fromInteger n = MkRatio n 1

covering
Neg Ratio where
  negate (MkRatio a b) = MkRatio (negate a) b
  x - y = x + negate y

Show Ratio where
  show (MkRatio a b) = show a ++ "/" ++ show b

-- A(j) = 2n (2n - 1) ... (2n - j + 2) / (2 * 3 * ... * (j + 1)), the factors of Note G
covering
factor : Integer -> Integer -> Ratio
factor n j = go (ratio n 1) 1
  where
    go : Ratio -> Integer -> Ratio
    go acc i = if i >= j then acc else go (acc * ratio (n * 2 - 2 * i + 1) (2 * i + 1) * ratio (n * 2 - 2 * i) (2 * i + 2)) (i + 1)

covering
terms : Integer -> Integer -> List Ratio -> Ratio
terms n j [] = 0
terms n j (b :: bs) = factor n j * b + terms n (j + 1) bs

covering
next : Integer -> List Ratio -> Ratio
next n known = ratio (2 * n - 1) (2 * (2 * n + 1)) - terms n 1 known

covering
numbers : Integer -> Integer -> List Ratio -> List Ratio
numbers n last known =
  if n > last then known else numbers (n + 1) last (known ++ [next n known])

covering
main : IO ()
main = traverse_ printLn (numbers 1 4 [])
