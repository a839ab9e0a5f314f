-- Note G: the table of 1842 for the numbers of Bernoulli, as far as B7, in fractions.
-- Two slips of the printed table are corrected: operation 4 divides V4 by V5, operation 24 changes the sign of V13.
data Q = Q Integer Integer deriving (Eq)

instance Show Q where
  show (Q a b) = show a ++ "/" ++ show b

reduced :: Integer -> Integer -> Q
reduced a b = Q (signum b * (a `div` g)) (abs b `div` g)
  where g = gcd a b

instance Num Q where
  Q a b + Q c d = reduced (a * d + c * b) (b * d)
  Q a b * Q c d = reduced (a * c) (b * d)
  negate (Q a b) = Q (negate a) b
  abs (Q a b) = Q (abs a) b
  signum (Q a _) = Q (signum a) 1
  fromInteger n = Q n 1

over :: Q -> Q -> Q
over x (Q c d) = x * reduced d c

-- V6, V7, V11 and V13.
data Columns = Columns Q Q Q Q

start :: Integer -> Columns
start n = Columns (fromInteger (2 * n)) 2 v11 (negate v11)
  where v11 = over (over (fromInteger (2 * n - 1)) (fromInteger (2 * n + 1))) 2

first :: Columns -> Q -> Columns
first (Columns v6 v7 _ v13) b = Columns v6 v7 a (v13 + b * a)
  where a = over v6 v7

factor :: Columns -> Columns
factor (Columns v6 v7 v11 v13) = Columns (v6 - 1) (v7 + 1) (v11 * over (v6 - 1) (v7 + 1)) v13

further :: Columns -> Q -> Columns
further columns b = case factor (factor columns) of
  Columns v6 v7 v11 v13 -> Columns v6 v7 v11 (v13 + b * v11)

result :: Columns -> Q
result (Columns _ _ _ v13) = negate v13

numbers :: [Q]
numbers = [b1, b3, b5, b7]
  where
    b1 = result (start 1)
    b3 = result (first (start 2) b1)
    b5 = result (further (first (start 3) b1) b3)
    b7 = result (further (further (first (start 4) b1) b3) b5)

main :: IO ()
main = mapM_ print numbers
