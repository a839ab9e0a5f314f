infixr 9 .
data Bool = False | True deriving (Eq, Ord, Show, Enum, Bounded)
data Ordering = LT | EQ | GT deriving (Eq, Ord, Show, Enum, Bounded)
data Maybe a = Nothing | Just a deriving (Eq, Ord, Show)
data Either a b = Left a | Right b deriving (Eq, Ord, Show)
type String = [Char]
type FilePath = String
type ShowS = String -> String

class Eq a where
  (==), (/=) :: a -> a -> Bool
  x == y = not (x /= y)
  x /= y = not (x == y)

class Eq a => Ord a where
  compare :: a -> a -> Ordering
  (<), (<=), (>), (>=) :: a -> a -> Bool
  max, min :: a -> a -> a
  compare x y = if x == y then EQ else if x <= y then LT else GT
  x < y = case compare x y of { LT -> True; _ -> False }
  x <= y = case compare x y of { GT -> False; _ -> True }
  x > y = case compare x y of { GT -> True; _ -> False }
  x >= y = case compare x y of { LT -> False; _ -> True }
  max x y = if x <= y then y else x
  min x y = if x <= y then x else y

class Show a where
  showsPrec :: Int -> a -> ShowS
  show :: a -> String
  showList :: [a] -> ShowS
  showsPrec _ x s = show x ++ s
  show x = showsPrec 0 x ""
  showList xs s = showListWith shows xs s

class Read a where
  readMaybe' :: String -> Maybe a

class Bounded a where
  minBound, maxBound :: a

class Enum a where
  succ, pred :: a -> a
  toEnum :: Int -> a
  fromEnum :: a -> Int
  enumFrom :: a -> [a]
  enumFromThen :: a -> a -> [a]
  enumFromTo :: a -> a -> [a]
  enumFromThenTo :: a -> a -> a -> [a]
  succ x = toEnum (fromEnum x + 1)
  pred x = toEnum (fromEnum x - 1)
  enumFrom x = map toEnum (enumFrom (fromEnum x))
  enumFromThen x y = map toEnum (enumFromThen (fromEnum x) (fromEnum y))
  enumFromTo x y = map toEnum (enumFromTo (fromEnum x) (fromEnum y))
  enumFromThenTo x y z = map toEnum (enumFromThenTo (fromEnum x) (fromEnum y) (fromEnum z))

class Num a where
  (+), (-), (*) :: a -> a -> a
  negate, abs, signum :: a -> a
  fromInteger :: Integer -> a
  x - y = x + negate y
  negate x = fromInteger 0 - x

class (Num a, Ord a) => Real a where
  toDouble :: a -> Double

class (Real a, Enum a) => Integral a where
  quot, rem, div, mod :: a -> a -> a
  quotRem, divMod :: a -> a -> (a, a)
  toInteger :: a -> Integer
  quotRem x y = (quot x y, rem x y)
  divMod x y = (div x y, mod x y)

class Num a => Fractional a where
  (/) :: a -> a -> a
  recip :: a -> a
  fromDouble :: Double -> a
  recip x = fromInteger 1 / x

class Fractional a => Floating a where
  sqrt :: a -> a
  (**) :: a -> a -> a

class (Real a, Fractional a) => RealFrac a where
  truncate, round, floor, ceiling :: Integral b => a -> b

class Semigroup a where
  (<>) :: a -> a -> a

class Semigroup a => Monoid a where
  mempty :: a
  mappend :: a -> a -> a
  mconcat :: [a] -> a
  mappend x y = x <> y
  mconcat xs = foldr (<>) mempty xs

class Functor f where
  fmap :: (a -> b) -> f a -> f b
  (<$) :: a -> f b -> f a
  x <$ m = fmap (const x) m

class Functor f => Applicative f where
  pure :: a -> f a
  (<*>) :: f (a -> b) -> f a -> f b
  (*>) :: f a -> f b -> f b
  (<*) :: f a -> f b -> f a
  m *> k = (id <$ m) <*> k
  m <* k = fmap const m <*> k

class Applicative m => Monad m where
  (>>=) :: m a -> (a -> m b) -> m b
  (>>) :: m a -> m b -> m b
  return :: a -> m a
  m >> k = m >>= \_ -> k
  return x = pure x

instance Eq Int where { (==) = primEqInt; (/=) = primNeInt }
instance Eq Integer where { (==) = primEqInteger; (/=) = primNeInteger }
instance Eq Char where { (==) = primEqChar; (/=) = primNeChar }
instance Eq Double where { (==) = primEqDouble; (/=) = primNeDouble }
instance Ord Int where
  compare = compareInt
  (<) = primLtInt
  (<=) = primLeInt
  (>) = primGtInt
  (>=) = primGeInt
instance Ord Integer where
  compare x y = if primLtInteger x y then LT else if primEqInteger x y then EQ else GT
  (<) = primLtInteger
  (<=) = primLeInteger
  (>) = primGtInteger
  (>=) = primGeInteger
instance Ord Char where
  compare x y = if primLtChar x y then LT else if primEqChar x y then EQ else GT
  (<) = primLtChar
  (<=) = primLeChar
  (>) = primGtChar
  (>=) = primGeChar
instance Ord Double where
  compare x y = if primLtDouble x y then LT else if primEqDouble x y then EQ else GT
  (<) = primLtDouble
  (<=) = primLeDouble
  (>) = primGtDouble
  (>=) = primGeDouble

compareInt :: Int -> Int -> Ordering
compareInt x y = if primLtInt x y then LT else if primEqInt x y then EQ else GT

thenCompare :: Ordering -> Ordering -> Ordering
thenCompare EQ y = y
thenCompare x _ = x

instance Num Int where
  (+) = primAddInt
  (-) = primSubInt
  (*) = primMulInt
  negate x = primSubInt 0 x
  abs x = if primLtInt x 0 then primSubInt 0 x else x
  signum x = if primLtInt x 0 then primSubInt 0 1 else if primEqInt x 0 then 0 else 1
  fromInteger = primIntegerToInt
instance Num Integer where
  (+) = primAddInteger
  (-) = primSubInteger
  (*) = primMulInteger
  negate x = primSubInteger 0 x
  abs x = if primLtInteger x 0 then primSubInteger 0 x else x
  signum x = if primLtInteger x 0 then primSubInteger 0 1 else if primEqInteger x 0 then 0 else 1
  fromInteger x = x
instance Num Double where
  (+) = primAddDouble
  (-) = primSubDouble
  (*) = primMulDouble
  negate = primNegateDouble
  abs x = if x < 0 then primNegateDouble x else if x == 0 then 0 else x
  signum x = if x < 0 then primNegateDouble 1 else if x == 0 then x else 1
  fromInteger = primIntegerToDouble
instance Real Int where { toDouble x = primIntegerToDouble (primIntToInteger x) }
instance Real Integer where { toDouble = primIntegerToDouble }
instance Real Double where { toDouble x = x }
instance Integral Int where
  quot = primQuotInt
  rem = primRemInt
  div = primDivInt
  mod = primModInt
  toInteger = primIntToInteger
instance Integral Integer where
  quot = primQuotInteger
  rem = primRemInteger
  div = primDivInteger
  mod = primModInteger
  toInteger x = x
instance Fractional Double where
  (/) = primDivDouble
  fromDouble x = x
instance Floating Double where { sqrt = primSqrt; (**) = primPower }
instance RealFrac Double where
  truncate x = fromInteger (primTruncate x)
  floor x = let n = primTruncate x in fromInteger (if primIntegerToDouble n > x then n - 1 else n)
  ceiling x = let n = primTruncate x in fromInteger (if primIntegerToDouble n < x then n + 1 else n)
  round x = fromInteger (roundDouble x)

roundDouble :: Double -> Integer
roundDouble x =
  let n = floor x
      d = x - primIntegerToDouble n
  in if d < 0.5 then n else if d > 0.5 then n + 1 else if even n then n else n + 1

instance Enum Int where
  succ x = x + 1
  pred x = x - 1
  toEnum x = x
  fromEnum x = x
  enumFrom n = n : enumFrom (n + 1)
  enumFromThen n m = n : enumFromThen m (2 * m - n)
  enumFromTo n m = if n > m then [] else n : enumFromTo (n + 1) m
  enumFromThenTo n m e = if m >= n then (if n > e then [] else n : enumFromThenTo m (2 * m - n) e) else (if n < e then [] else n : enumFromThenTo m (2 * m - n) e)
instance Enum Integer where
  succ x = x + 1
  pred x = x - 1
  toEnum = primIntToInteger
  fromEnum = primIntegerToInt
  enumFrom n = n : enumFrom (n + 1)
  enumFromThen n m = n : enumFromThen m (2 * m - n)
  enumFromTo n m = if n > m then [] else n : enumFromTo (n + 1) m
  enumFromThenTo n m e = if m >= n then (if n > e then [] else n : enumFromThenTo m (2 * m - n) e) else (if n < e then [] else n : enumFromThenTo m (2 * m - n) e)
instance Enum Char where
  toEnum = primChr
  fromEnum = primOrd
  enumFrom c = enumFromTo c '\1114111'
instance Enum Double where
  succ x = x + 1
  pred x = x - 1
  toEnum n = primIntegerToDouble (primIntToInteger n)
  fromEnum x = primIntegerToInt (primTruncate x)
  enumFrom x = x : enumFrom (x + 1)
  enumFromThen x y = map (\k -> x + toEnum k * (y - x)) [0 ..]
  enumFromTo x y = takeWhile (<= y + 0.5) (enumFrom x)
  enumFromThenTo x y z = takeWhile (if y >= x then (<= z + (y - x) / 2) else (>= z + (y - x) / 2)) (enumFromThen x y)
instance Bounded Int where { minBound = primSubInt (primSubInt 0 9223372036854775807) 1; maxBound = 9223372036854775807 }
instance Bounded Char where { minBound = '\0'; maxBound = '\1114111' }

instance Eq () where { _ == _ = True }
instance Ord () where { compare _ _ = EQ }
instance Show () where { show _ = "()" }
instance Eq a => Eq [a] where
  [] == [] = True
  (x:xs) == (y:ys) = x == y && xs == ys
  _ == _ = False
instance Ord a => Ord [a] where
  compare [] [] = EQ
  compare [] _ = LT
  compare _ [] = GT
  compare (x:xs) (y:ys) = thenCompare (compare x y) (compare xs ys)
instance (Eq a, Eq b) => Eq (a, b) where { (a, b) == (c, d) = a == c && b == d }
instance (Ord a, Ord b) => Ord (a, b) where { compare (a, b) (c, d) = thenCompare (compare a c) (compare b d) }
instance (Eq a, Eq b, Eq c) => Eq (a, b, c) where { (a, b, c) == (d, e, f) = a == d && b == e && c == f }
instance (Ord a, Ord b, Ord c) => Ord (a, b, c) where
  compare (a, b, c) (d, e, f) = thenCompare (compare a d) (thenCompare (compare b e) (compare c f))

instance Show Int where { showsPrec d n s = showsPrec d (primIntToInteger n) s }
instance Show Integer where { showsPrec d n s = if n < 0 then showParen (d > 6) (showNegative n) s else showDigits n s }
instance Show Double where { showsPrec d x s = if x < 0 then showParen (d > 6) (\r -> '-' : showDouble (negate x) r) s else showDouble x s }
instance Show Char where
  showsPrec _ c s = if c == '\'' then "'\\''" ++ s else '\'' : showChar' c ('\'' : s)
  showList cs s = '"' : showText cs ('"' : s)
instance Show a => Show [a] where { showsPrec _ xs s = showList xs s }
instance (Show a, Show b) => Show (a, b) where { showsPrec _ (a, b) s = '(' : shows a (',' : shows b (')' : s)) }
instance (Show a, Show b, Show c) => Show (a, b, c) where
  showsPrec _ (a, b, c) s = '(' : shows a (',' : shows b (',' : shows c (')' : s)))
instance (Show a, Show b, Show c, Show d) => Show (a, b, c, d) where
  showsPrec _ (a, b, c, d) s = '(' : shows a (',' : shows b (',' : shows c (',' : shows d (')' : s))))

showNegative :: Integer -> ShowS
showNegative n s = '-' : showDigits (primSubInteger 0 n) s

showDigits :: Integer -> ShowS
showDigits n s = if n < 10 then digit n : s else showDigits (primDivInteger n 10) (digit (primModInteger n 10) : s)

digit :: Integer -> Char
digit n = primChr (primAddInt (primIntegerToInt n) 48)

showDouble :: Double -> ShowS
showDouble x s = if x /= x then "NaN" ++ s else if x == 0 then "0.0" ++ s else if x + x == x then "Infinity" ++ s else placed (showDigits (primDigits x) "") (primExponent x) s

placed :: String -> Int -> ShowS
placed ds e s =
  let n = length ds + e
  in if n > 0 && n <= 7 then (if e >= 0 then ds ++ replicate e '0' ++ ".0" ++ s else take n ds ++ "." ++ drop n ds ++ s)
     else if n == 0 then "0." ++ ds ++ s
     else case ds of
       (c:cs) -> c : '.' : (if null cs then "0" else cs) ++ "e" ++ showsPrec 0 (n - 1) s
       [] -> s

showChar' :: Char -> ShowS
showChar' c s
  | c == '\\' = '\\' : '\\' : s
  | c == '\n' = '\\' : 'n' : s
  | c == '\t' = '\\' : 't' : s
  | c == '\r' = '\\' : 'r' : s
  | c < ' ' || c > '~' = '\\' : showsPrec 0 (primOrd c) s
  | otherwise = c : s

showText :: String -> ShowS
showText [] s = s
showText (c:cs) s
  | c == '"' = '\\' : '"' : showText cs s
  | (c < ' ' || c > '~') && startsWithDigit cs = showChar' c ('\\' : '&' : showText cs s)
  | otherwise = showChar' c (showText cs s)

startsWithDigit :: String -> Bool
startsWithDigit (c:_) = isDigit c
startsWithDigit [] = False

showListWith :: (a -> ShowS) -> [a] -> ShowS
showListWith _ [] s = '[' : ']' : s
showListWith f (x:xs) s = '[' : f x (more xs)
  where more [] = ']' : s
        more (y:ys) = ',' : f y (more ys)

shows :: Show a => a -> ShowS
shows x s = showsPrec 0 x s
showString :: String -> ShowS
showString t s = t ++ s
showChar :: Char -> ShowS
showChar c s = c : s
showParen :: Bool -> ShowS -> ShowS
showParen b p = if b then \s -> '(' : p (')' : s) else p

instance Semigroup [a] where { (<>) = (++) }
instance Monoid [a] where { mempty = [] }
instance Semigroup Ordering where { (<>) = thenCompare }
instance Monoid Ordering where { mempty = EQ }
instance Semigroup a => Semigroup (Maybe a) where
  Nothing <> m = m
  m <> Nothing = m
  Just a <> Just b = Just (a <> b)
instance Semigroup a => Monoid (Maybe a) where { mempty = Nothing }
instance Functor [] where { fmap = map }
instance Applicative [] where
  pure x = [x]
  fs <*> xs = concatMap (\f -> map f xs) fs
instance Monad [] where { m >>= k = concatMap k m }
instance Functor Maybe where
  fmap _ Nothing = Nothing
  fmap f (Just x) = Just (f x)
instance Applicative Maybe where
  pure x = Just x
  Just f <*> m = fmap f m
  Nothing <*> _ = Nothing
instance Monad Maybe where
  Just x >>= k = k x
  Nothing >>= _ = Nothing
instance Functor (Either e) where
  fmap _ (Left e) = Left e
  fmap f (Right x) = Right (f x)
instance Applicative (Either e) where
  pure x = Right x
  Left e <*> _ = Left e
  Right f <*> m = fmap f m
instance Monad (Either e) where
  Left e >>= _ = Left e
  Right x >>= k = k x
instance Functor ((->) r) where { fmap f g x = f (g x) }
instance Functor ((,) a) where { fmap f (a, b) = (a, f b) }
instance Functor IO where { fmap f m = primBind m (\x -> primReturn (f x)) }
instance Applicative IO where
  pure = primReturn
  f <*> m = primBind f (\g -> primBind m (\x -> primReturn (g x)))
  m *> k = primThen m k
instance Monad IO where
  (>>=) = primBind
  (>>) = primThen
  return = primReturn

id :: a -> a
id x = x
const :: a -> b -> a
const x _ = x
(.) :: (b -> c) -> (a -> b) -> a -> c
(.) f g x = f (g x)
flip :: (a -> b -> c) -> b -> a -> c
flip f x y = f y x
($) :: (a -> b) -> a -> b
f $ x = f x
($!) :: (a -> b) -> a -> b
f $! x = x `seq` f x
(<$>) :: Functor f => (a -> b) -> f a -> f b
f <$> m = fmap f m
(=<<) :: Monad m => (a -> m b) -> m a -> m b
k =<< m = m >>= k
not :: Bool -> Bool
not True = False
not False = True
(&&), (||) :: Bool -> Bool -> Bool
True && b = b
False && _ = False
True || _ = True
False || b = b
otherwise :: Bool
otherwise = True
undefined :: a
undefined = error "Prelude.undefined"
fst :: (a, b) -> a
fst (a, _) = a
snd :: (a, b) -> b
snd (_, b) = b
curry :: ((a, b) -> c) -> a -> b -> c
curry f a b = f (a, b)
uncurry :: (a -> b -> c) -> (a, b) -> c
uncurry f p = f (fst p) (snd p)
maybe :: b -> (a -> b) -> Maybe a -> b
maybe d _ Nothing = d
maybe _ f (Just x) = f x
either :: (a -> c) -> (b -> c) -> Either a b -> c
either f _ (Left a) = f a
either _ g (Right b) = g b
fromMaybe :: a -> Maybe a -> a
fromMaybe d Nothing = d
fromMaybe _ (Just x) = x
until :: (a -> Bool) -> (a -> a) -> a -> a
until p f x = if p x then x else until p f (f x)
even, odd :: Integral a => a -> Bool
even n = rem n (fromInteger 2) == fromInteger 0
odd n = not (even n)
gcd, lcm :: Integral a => a -> a -> a
gcd a b = gcd' (abs a) (abs b)
  where gcd' x y = if y == fromInteger 0 then x else gcd' y (rem x y)
lcm a b = if a == fromInteger 0 || b == fromInteger 0 then fromInteger 0 else abs (quot a (gcd a b) * b)
(^) :: (Num a, Integral b) => a -> b -> a
x ^ n
  | n < fromInteger 0 = error "Negative exponent"
  | n == fromInteger 0 = fromInteger 1
  | otherwise = power x n
power :: (Num a, Integral b) => a -> b -> a
power x n
  | n == fromInteger 1 = x
  | even n = power (x * x) (quot n (fromInteger 2))
  | otherwise = x * power' (x * x) (quot n (fromInteger 2))
  where power' y k = if k == fromInteger 0 then fromInteger 1 else power y k
subtract :: Num a => a -> a -> a
subtract x y = y - x
fromIntegral :: (Integral a, Num b) => a -> b
fromIntegral n = fromInteger (toInteger n)
realToFrac :: (Real a, Fractional b) => a -> b
realToFrac x = fromDouble (toDouble x)
pi :: Double
pi = 3.141592653589793

map :: (a -> b) -> [a] -> [b]
map _ [] = []
map f (x:xs) = f x : map f xs
(++) :: [a] -> [a] -> [a]
[] ++ ys = ys
(x:xs) ++ ys = x : (xs ++ ys)
filter :: (a -> Bool) -> [a] -> [a]
filter _ [] = []
filter p (x:xs) = if p x then x : filter p xs else filter p xs
concat :: [[a]] -> [a]
concat [] = []
concat (x:xs) = x ++ concat xs
concatMap :: (a -> [b]) -> [a] -> [b]
concatMap _ [] = []
concatMap f (x:xs) = f x ++ concatMap f xs
head :: [a] -> a
head (x:_) = x
head [] = error "Prelude.head: empty list"
tail :: [a] -> [a]
tail (_:xs) = xs
tail [] = error "Prelude.tail: empty list"
last :: [a] -> a
last [x] = x
last (_:xs) = last xs
last [] = error "Prelude.last: empty list"
init :: [a] -> [a]
init [_] = []
init (x:xs) = x : init xs
init [] = error "Prelude.init: empty list"
null :: [a] -> Bool
null [] = True
null _ = False
length :: [a] -> Int
length xs = count 0 xs
  where count :: Int -> [b] -> Int
        count n [] = n
        count n (_:ys) = count (n + 1) ys
(!!) :: [a] -> Int -> a
xs !! n = if n < 0 then error "Prelude.!!: negative index" else at xs n
  where at [] _ = error "Prelude.!!: index too large"
        at (y:ys) k = if k == 0 then y else at ys (k - 1)
foldr :: (a -> b -> b) -> b -> [a] -> b
foldr f z = go
  where go [] = z
        go (x:xs) = f x (go xs)
foldr1 :: (a -> a -> a) -> [a] -> a
foldr1 _ [x] = x
foldr1 f (x:xs) = f x (foldr1 f xs)
foldr1 _ [] = error "Prelude.foldr1: empty list"
foldl, foldl' :: (b -> a -> b) -> b -> [a] -> b
foldl _ z [] = z
foldl f z (x:xs) = foldl f (f z x) xs
foldl' _ z [] = z
foldl' f z (x:xs) = let y = f z x in y `seq` foldl' f y xs
foldl1 :: (a -> a -> a) -> [a] -> a
foldl1 f (x:xs) = foldl f x xs
foldl1 _ [] = error "Prelude.foldl1: empty list"
sum, product :: Num a => [a] -> a
sum xs = foldl' (+) (fromInteger 0) xs
product xs = foldl' (*) (fromInteger 1) xs
maximum, minimum :: Ord a => [a] -> a
maximum [] = error "Prelude.maximum: empty list"
maximum (x:xs) = foldl' max x xs
minimum [] = error "Prelude.minimum: empty list"
minimum (x:xs) = foldl' min x xs
and, or :: [Bool] -> Bool
and [] = True
and (x:xs) = x && and xs
or [] = False
or (x:xs) = x || or xs
any, all :: (a -> Bool) -> [a] -> Bool
any _ [] = False
any p (x:xs) = p x || any p xs
all _ [] = True
all p (x:xs) = p x && all p xs
elem, notElem :: Eq a => a -> [a] -> Bool
elem _ [] = False
elem x (y:ys) = x == y || elem x ys
notElem x ys = not (elem x ys)
lookup :: Eq a => a -> [(a, b)] -> Maybe b
lookup _ [] = Nothing
lookup k ((a, b):rest) = if k == a then Just b else lookup k rest
take, drop :: Int -> [a] -> [a]
take n xs = if n <= 0 then [] else case xs of { [] -> []; (y:ys) -> y : take (n - 1) ys }
drop n xs = if n <= 0 then xs else case xs of { [] -> []; (_:ys) -> drop (n - 1) ys }
splitAt :: Int -> [a] -> ([a], [a])
splitAt n xs = (take n xs, drop n xs)
takeWhile, dropWhile :: (a -> Bool) -> [a] -> [a]
takeWhile _ [] = []
takeWhile p (x:xs) = if p x then x : takeWhile p xs else []
dropWhile _ [] = []
dropWhile p (x:xs) = if p x then dropWhile p xs else x : xs
span, break :: (a -> Bool) -> [a] -> ([a], [a])
span _ [] = ([], [])
span p (x:xs) = if p x then (let (a, b) = span p xs in (x : a, b)) else ([], x : xs)
break p xs = span (not . p) xs
reverse :: [a] -> [a]
reverse xs = go xs []
  where go [] ys = ys
        go (z:zs) ys = go zs (z : ys)
iterate :: (a -> a) -> a -> [a]
iterate f x = x : iterate f (f x)
repeat :: a -> [a]
repeat x = let xs = x : xs in xs
replicate :: Int -> a -> [a]
replicate n x = if n <= 0 then [] else x : replicate (n - 1) x
cycle :: [a] -> [a]
cycle [] = error "Prelude.cycle: empty list"
cycle xs = let ys = xs ++ ys in ys
zip :: [a] -> [b] -> [(a, b)]
zip (x:xs) (y:ys) = (x, y) : zip xs ys
zip _ _ = []
zip3 :: [a] -> [b] -> [c] -> [(a, b, c)]
zip3 (x:xs) (y:ys) (z:zs) = (x, y, z) : zip3 xs ys zs
zip3 _ _ _ = []
zipWith :: (a -> b -> c) -> [a] -> [b] -> [c]
zipWith f (x:xs) (y:ys) = f x y : zipWith f xs ys
zipWith _ _ _ = []
zipWith3 :: (a -> b -> c -> d) -> [a] -> [b] -> [c] -> [d]
zipWith3 f (x:xs) (y:ys) (z:zs) = f x y z : zipWith3 f xs ys zs
zipWith3 _ _ _ _ = []
unzip :: [(a, b)] -> ([a], [b])
unzip [] = ([], [])
unzip ((a, b):rest) = let (as, bs) = unzip rest in (a : as, b : bs)
scanl :: (b -> a -> b) -> b -> [a] -> [b]
scanl f z xs = z : case xs of { [] -> []; (y:ys) -> scanl f (f z y) ys }
scanl1 :: (a -> a -> a) -> [a] -> [a]
scanl1 _ [] = []
scanl1 f (x:xs) = scanl f x xs
scanr :: (a -> b -> b) -> b -> [a] -> [b]
scanr _ z [] = [z]
scanr f z (x:xs) = case scanr f z xs of { (y:ys) -> f x y : y : ys; [] -> [] }
lines, words :: String -> [String]
lines [] = []
lines s = let (l, r) = break (== '\n') s in l : case r of { [] -> []; (_:t) -> lines t }
words s = case dropWhile isSpace s of { [] -> []; t -> let (w, r) = break isSpace t in w : words r }
unlines, unwords :: [String] -> String
unlines [] = []
unlines (l:ls) = l ++ '\n' : unlines ls
unwords [] = []
unwords [w] = w
unwords (w:ws) = w ++ ' ' : unwords ws

isSpace, isDigit, isAlpha, isUpper, isLower, isAlphaNum :: Char -> Bool
isSpace c = c == ' ' || (c >= '\t' && c <= '\r')
isDigit c = c >= '0' && c <= '9'
isUpper c = c >= 'A' && c <= 'Z'
isLower c = c >= 'a' && c <= 'z'
isAlpha c = isUpper c || isLower c
isAlphaNum c = isAlpha c || isDigit c
toUpper, toLower :: Char -> Char
toUpper c = if isLower c then primChr (primOrd c - 32) else c
toLower c = if isUpper c then primChr (primOrd c + 32) else c
ord :: Char -> Int
ord = primOrd
chr :: Int -> Char
chr = primChr
digitToInt :: Char -> Int
digitToInt c = if isDigit c then primOrd c - 48 else primOrd (toLower c) - 87

instance Read Int where { readMaybe' s = fmap primIntegerToInt (readMaybe' s) }
instance Read Integer where { readMaybe' s = readWhole (trimmed s) }
trimmed :: String -> String
trimmed s = reverse (dropWhile isSpace (reverse (dropWhile isSpace s)))
readWhole :: String -> Maybe Integer
readWhole ('-':ds) = fmap negate (readWhole' ds)
readWhole ds = readWhole' ds
readWhole' :: String -> Maybe Integer
readWhole' [] = Nothing
readWhole' ds = if all isDigit ds then Just (foldl' (\n c -> 10 * n + primIntToInteger (digitToInt c)) 0 ds) else Nothing
read :: Read a => String -> a
read s = case readMaybe' s of { Just x -> x; Nothing -> error "Prelude.read: no parse" }
readMaybe :: Read a => String -> Maybe a
readMaybe s = readMaybe' s

mapM_ :: Monad m => (a -> m b) -> [a] -> m ()
mapM_ _ [] = return ()
mapM_ f (x:xs) = f x >> mapM_ f xs
forM_ :: Monad m => [a] -> (a -> m b) -> m ()
forM_ xs f = mapM_ f xs
mapM :: Monad m => (a -> m b) -> [a] -> m [b]
mapM _ [] = return []
mapM f (x:xs) = f x >>= \y -> mapM f xs >>= \ys -> return (y : ys)
forM :: Monad m => [a] -> (a -> m b) -> m [b]
forM xs f = mapM f xs
sequence :: Monad m => [m a] -> m [a]
sequence ms = mapM id ms
sequence_ :: Monad m => [m a] -> m ()
sequence_ ms = mapM_ id ms
when, unless :: Monad m => Bool -> m () -> m ()
when b m = if b then m else return ()
unless b m = if b then return () else m
foldM :: Monad m => (b -> a -> m b) -> b -> [a] -> m b
foldM _ z [] = return z
foldM f z (x:xs) = f z x >>= \y -> foldM f y xs
replicateM_ :: Monad m => Int -> m a -> m ()
replicateM_ n m = if n <= 0 then return () else m >> replicateM_ (n - 1) m

putStr, putStrLn :: String -> IO ()
putStr [] = primReturn ()
putStr (c:cs) = primThen (putChar c) (putStr cs)
putStrLn s = primThen (putStr s) (putChar '\n')
print :: Show a => a -> IO ()
print x = putStrLn (show x)
getLine :: IO String
getLine = primBind primGetChar firstOfLine
firstOfLine :: Int -> IO String
firstOfLine n = if n < 0 then error "Prelude.getLine: end of file" else restOfLine n
restOfLine :: Int -> IO String
restOfLine n = if n < 0 || n == 10 then primReturn [] else primBind primGetChar (\m -> primBind (restOfLine m) (\s -> primReturn (primChr n : s)))
interact :: (String -> String) -> IO ()
interact f = primBind getContents (\s -> putStr (f s))
readLn :: Read a => IO a
readLn = primBind getLine (\s -> primReturn (read s))

sort :: Ord a => [a] -> [a]
sort xs = sortBy compare xs
sortBy :: (a -> a -> Ordering) -> [a] -> [a]
sortBy cmp xs = case xs of
  [] -> []
  [x] -> [x]
  _ -> let (a, b) = splitAt (length xs `div` 2) xs in merge (sortBy cmp a) (sortBy cmp b)
  where merge [] bs = bs
        merge as [] = as
        merge (a:as) (b:bs) = case cmp a b of { GT -> b : merge (a : as) bs; _ -> a : merge as (b : bs) }
nub :: Eq a => [a] -> [a]
nub [] = []
nub (x:xs) = x : nub (filter (/= x) xs)
intercalate :: [a] -> [[a]] -> [a]
intercalate _ [] = []
intercalate _ [x] = x
intercalate s (x:xs) = x ++ s ++ intercalate s xs
