%default total

id : a -> a
id x = x

the : (0 a : Type) -> a -> a
the a x = x

const : a -> b -> a
const x y = x

flip : (a -> b -> c) -> b -> a -> c
flip f x y = f y x

(.) : (b -> c) -> (a -> b) -> a -> c
(.) f g x = f (g x)

(.:) : (c -> d) -> (a -> b -> c) -> a -> b -> d
(.:) f g x y = f (g x y)

($) : (a -> b) -> a -> b
($) f x = f x

(|>) : a -> (a -> b) -> b
(|>) x f = f x

assert_total : a -> a
assert_total x = x

data Void : Type where

void : Void -> a
void x impossible

Not : Type -> Type
Not a = a -> Void

data Unit : Type where
  MkUnit : Unit

data Pair : Type -> Type -> Type where
  MkPair : a -> b -> Pair a b

fst : (a, b) -> a
fst (x, y) = x

snd : (a, b) -> b
snd (x, y) = y

curry : ((a, b) -> c) -> a -> b -> c
curry f x y = f (x, y)

uncurry : (a -> b -> c) -> (a, b) -> c
uncurry f (x, y) = f x y

swap : (a, b) -> (b, a)
swap (x, y) = (y, x)

data DPair : (a : Type) -> (a -> Type) -> Type where
  MkDPair : {0 p : a -> Type} -> (fst : a) -> p fst -> DPair a p

data Bool = False | True

not : Bool -> Bool
not True = False
not False = True

ifThenElse : Bool -> Lazy a -> Lazy a -> a
ifThenElse True x y = x
ifThenElse False x y = y

(&&) : Bool -> Lazy Bool -> Bool
(&&) True x = x
(&&) False x = False

(||) : Bool -> Lazy Bool -> Bool
(||) True x = True
(||) False x = x

data Nat = Z | S Nat

data Equal : {0 a : Type} -> a -> a -> Type where
  Refl : {0 x : a} -> Equal x x

(===) : {0 a : Type} -> a -> a -> Type
(===) x y = Equal x y

sym : (0 rule : x = y) -> y = x
sym Refl = Refl

trans : (0 l : x = y) -> (0 r : y = z) -> x = z
trans Refl Refl = Refl

cong : (0 f : a -> b) -> (0 p : x = y) -> f x = f y
cong f Refl = Refl

cong2 : (0 f : a -> b -> c) -> (0 p : x = y) -> (0 q : v = w) -> f x v = f y w
cong2 f Refl Refl = Refl

replace : {0 p : a -> Type} -> (0 rule : x = y) -> p x -> p y
replace Refl value = value

rewriting : {0 a : Type} -> {0 x, y : a} -> (0 p : a -> Type) -> (0 rule : x = y) -> p y -> p x
rewriting p Refl value = value

data Dec : Type -> Type where
  Yes : a -> Dec a
  No : Not a -> Dec a

interface Uninhabited t where
  uninhabited : t -> Void

absurd : Uninhabited t => t -> a
absurd x = void (uninhabited x)

Uninhabited Void where
  uninhabited x = x

Uninhabited (True = False) where
  uninhabited Refl impossible

Uninhabited (False = True) where
  uninhabited Refl impossible

Uninhabited (Z = S n) where
  uninhabited Refl impossible

Uninhabited (S n = Z) where
  uninhabited Refl impossible

data Maybe a = Nothing | Just a

maybe : Lazy b -> (a -> b) -> Maybe a -> b
maybe n j Nothing = n
maybe n j (Just x) = j x

data Either a b = Left a | Right b

either : (a -> c) -> (b -> c) -> Either a b -> c
either f g (Left x) = f x
either f g (Right y) = g y

data List a = Nil | (::) a (List a)

data Ordering = LT | EQ | GT

-- Numbers

plus : Nat -> Nat -> Nat
plus Z m = m
plus (S k) m = S (plus k m)

mult : Nat -> Nat -> Nat
mult Z m = Z
mult (S k) m = plus m (mult k m)

minus : Nat -> Nat -> Nat
minus Z m = Z
minus (S k) Z = S k
minus (S k) (S j) = minus k j

power : Nat -> Nat -> Nat
power base Z = S Z
power base (S k) = mult base (power base k)

prim__add_Integer : Integer -> Integer -> Integer
prim__sub_Integer : Integer -> Integer -> Integer
prim__mul_Integer : Integer -> Integer -> Integer
prim__div_Integer : Integer -> Integer -> Integer
prim__mod_Integer : Integer -> Integer -> Integer
prim__eq_Integer : Integer -> Integer -> Bool
prim__lt_Integer : Integer -> Integer -> Bool
prim__le_Integer : Integer -> Integer -> Bool
prim__add_Int : Int -> Int -> Int
prim__sub_Int : Int -> Int -> Int
prim__mul_Int : Int -> Int -> Int
prim__div_Int : Int -> Int -> Int
prim__mod_Int : Int -> Int -> Int
prim__eq_Int : Int -> Int -> Bool
prim__lt_Int : Int -> Int -> Bool
prim__le_Int : Int -> Int -> Bool
prim__eq_Char : Char -> Char -> Bool
prim__lt_Char : Char -> Char -> Bool
prim__le_Char : Char -> Char -> Bool
prim__natToInteger : Nat -> Integer
prim__integerToNat : Integer -> Nat
prim__integerToInt : Integer -> Int
prim__intToInteger : Int -> Integer
prim__ord : Char -> Int
prim__chr : Int -> Char
prim__unpack : String -> List Char
prim__pack : List Char -> String
prim__crash : String -> a
prim__pure : a -> IO a
prim__bind : IO a -> (a -> IO b) -> IO b
prim__putStr : String -> IO ()
prim__getLine : IO String
prim__getChar : IO Char

natToInteger : Nat -> Integer
natToInteger n = prim__natToInteger n

integerToNat : Integer -> Nat
integerToNat n = prim__integerToNat n

ord : Char -> Int
ord c = prim__ord c

chr : Int -> Char
chr n = prim__chr n

unpack : String -> List Char
unpack s = prim__unpack s

pack : List Char -> String
pack s = prim__pack s

idris_crash : String -> a
idris_crash s = prim__crash s

interface Num a where
  (+) : a -> a -> a
  (*) : a -> a -> a
  fromInteger : Integer -> a

interface Num a => Neg a where
  negate : a -> a
  (-) : a -> a -> a
  negate x = fromInteger 0 - x

interface Num a => Abs a where
  abs : a -> a

interface Num a => Integral a where
  div : a -> a -> a
  mod : a -> a -> a

Num Nat where
  (+) = plus
  (*) = mult
  fromInteger n = prim__integerToNat n

Num Integer where
  (+) = prim__add_Integer
  (*) = prim__mul_Integer
  fromInteger n = n

Num Int where
  (+) = prim__add_Int
  (*) = prim__mul_Int
  fromInteger n = prim__integerToInt n

Neg Integer where
  negate n = prim__sub_Integer 0 n
  (-) = prim__sub_Integer

Neg Int where
  negate n = prim__sub_Int 0 n
  (-) = prim__sub_Int

Abs Integer where
  abs n = if prim__lt_Integer n 0 then prim__sub_Integer 0 n else n

Abs Int where
  abs n = if prim__lt_Int n 0 then prim__sub_Int 0 n else n

Integral Integer where
  div = prim__div_Integer
  mod = prim__mod_Integer

Integral Int where
  div = prim__div_Int
  mod = prim__mod_Int

-- Comparing

interface Eq a where
  (==) : a -> a -> Bool
  (/=) : a -> a -> Bool
  x == y = not (x /= y)
  x /= y = not (x == y)

interface Eq a => Ord a where
  compare : a -> a -> Ordering
  (<) : a -> a -> Bool
  (>) : a -> a -> Bool
  (<=) : a -> a -> Bool
  (>=) : a -> a -> Bool
  max : a -> a -> a
  min : a -> a -> a
  compare x y = if x < y then LT else if x == y then EQ else GT
  x < y = case compare x y of
    LT => True
    _ => False
  x > y = case compare x y of
    GT => True
    _ => False
  x <= y = case compare x y of
    GT => False
    _ => True
  x >= y = case compare x y of
    LT => False
    _ => True
  max x y = if x > y then x else y
  min x y = if x < y then x else y

Eq Integer where
  (==) = prim__eq_Integer

Eq Int where
  (==) = prim__eq_Int

Eq Char where
  (==) = prim__eq_Char

Eq Nat where
  x == y = prim__eq_Integer (prim__natToInteger x) (prim__natToInteger y)

Eq Bool where
  True == True = True
  False == False = True
  _ == _ = False

Eq () where
  () == () = True

Eq Ordering where
  LT == LT = True
  EQ == EQ = True
  GT == GT = True
  _ == _ = False

Eq a => Eq (Maybe a) where
  Nothing == Nothing = True
  Just x == Just y = x == y
  _ == _ = False

(Eq a, Eq b) => Eq (Either a b) where
  Left x == Left y = x == y
  Right x == Right y = x == y
  _ == _ = False

(Eq a, Eq b) => Eq (a, b) where
  (x, y) == (v, w) = x == v && y == w

Eq a => Eq (List a) where
  [] == [] = True
  (x :: xs) == (y :: ys) = x == y && xs == ys
  _ == _ = False

Ord Integer where
  compare x y = if prim__lt_Integer x y then LT else if prim__eq_Integer x y then EQ else GT
  (<) = prim__lt_Integer
  (<=) = prim__le_Integer
  x > y = prim__lt_Integer y x
  x >= y = prim__le_Integer y x

Ord Int where
  compare x y = if prim__lt_Int x y then LT else if prim__eq_Int x y then EQ else GT
  (<) = prim__lt_Int
  (<=) = prim__le_Int
  x > y = prim__lt_Int y x
  x >= y = prim__le_Int y x

Ord Char where
  compare x y = if prim__lt_Char x y then LT else if prim__eq_Char x y then EQ else GT
  (<) = prim__lt_Char
  (<=) = prim__le_Char
  x > y = prim__lt_Char y x
  x >= y = prim__le_Char y x

Ord Nat where
  compare x y = compare (prim__natToInteger x) (prim__natToInteger y)
  x < y = prim__lt_Integer (prim__natToInteger x) (prim__natToInteger y)
  x <= y = prim__le_Integer (prim__natToInteger x) (prim__natToInteger y)
  x > y = prim__lt_Integer (prim__natToInteger y) (prim__natToInteger x)
  x >= y = prim__le_Integer (prim__natToInteger y) (prim__natToInteger x)

Ord Bool where
  compare False True = LT
  compare True False = GT
  compare _ _ = EQ

Ord a => Ord (Maybe a) where
  compare Nothing Nothing = EQ
  compare Nothing (Just y) = LT
  compare (Just x) Nothing = GT
  compare (Just x) (Just y) = compare x y

(Ord a, Ord b) => Ord (a, b) where
  compare (x, y) (v, w) = case compare x v of
    EQ => compare y w
    other => other

Ord a => Ord (List a) where
  compare [] [] = EQ
  compare [] (y :: ys) = LT
  compare (x :: xs) [] = GT
  compare (x :: xs) (y :: ys) = case compare x y of
    EQ => compare xs ys
    other => other

sameText : List Char -> List Char -> Bool
sameText [] [] = True
sameText (x :: xs) (y :: ys) = prim__eq_Char x y && sameText xs ys
sameText _ _ = False

Eq String where
  x == y = sameText (prim__unpack x) (prim__unpack y)

Ord String where
  compare x y = compare (prim__unpack x) (prim__unpack y)

comparing : Ord b => (a -> b) -> a -> a -> Ordering
comparing f x y = compare (f x) (f y)

-- Lists

(++) : List a -> List a -> List a
(++) [] ys = ys
(++) (x :: xs) ys = x :: (xs ++ ys)

length : List a -> Nat
length [] = Z
length (x :: xs) = S (length xs)

reverseOnto : List a -> List a -> List a
reverseOnto done [] = done
reverseOnto done (x :: xs) = reverseOnto (x :: done) xs

reverse : List a -> List a
reverse xs = reverseOnto [] xs

filter : (a -> Bool) -> List a -> List a
filter p [] = []
filter p (x :: xs) = if p x then x :: filter p xs else filter p xs

-- Structures

interface Semigroup a where
  (<+>) : a -> a -> a

interface Semigroup a => Monoid a where
  neutral : a

Semigroup (List a) where
  (<+>) = (++)

Monoid (List a) where
  neutral = []

Semigroup () where
  _ <+> _ = ()

Monoid () where
  neutral = ()

Semigroup String where
  x <+> y = prim__pack (prim__unpack x ++ prim__unpack y)

Monoid String where
  neutral = ""

Semigroup a => Semigroup (Maybe a) where
  Nothing <+> y = y
  x <+> Nothing = x
  Just x <+> Just y = Just (x <+> y)

interface Functor (f : Type -> Type) where
  map : (a -> b) -> f a -> f b

(<$>) : Functor f => (a -> b) -> f a -> f b
(<$>) g x = map g x

(<&>) : Functor f => f a -> (a -> b) -> f b
(<&>) x g = map g x

(<$) : Functor f => b -> f a -> f b
(<$) x y = map (const x) y

ignore : Functor f => f a -> f ()
ignore x = map (const ()) x

interface Functor f => Applicative (f : Type -> Type) where
  pure : a -> f a
  (<*>) : f (a -> b) -> f a -> f b

(*>) : Applicative f => f a -> f b -> f b
(*>) x y = map (const id) x <*> y

(<*) : Applicative f => f a -> f b -> f a
(<*) x y = map const x <*> y

interface Applicative f => Alternative (f : Type -> Type) where
  empty : f a
  (<|>) : f a -> Lazy (f a) -> f a

interface Applicative m => Monad (m : Type -> Type) where
  (>>=) : m a -> (a -> m b) -> m b
  join : m (m a) -> m a
  x >>= f = join (map f x)
  join x = x >>= id

(>>) : Monad m => m () -> Lazy (m b) -> m b
(>>) x y = x >>= \_ => y

(=<<) : Monad m => (a -> m b) -> m a -> m b
(=<<) f x = x >>= f

(>=>) : Monad m => (a -> m b) -> (b -> m c) -> a -> m c
(>=>) f g x = f x >>= g

when : Applicative f => Bool -> Lazy (f ()) -> f ()
when True x = x
when False x = pure ()

unless : Applicative f => Bool -> Lazy (f ()) -> f ()
unless b x = when (not b) x

guard : Alternative f => Bool -> f ()
guard True = pure ()
guard False = empty

interface Foldable (t : Type -> Type) where
  foldr : (e -> acc -> acc) -> acc -> t e -> acc
  foldl : (acc -> e -> acc) -> acc -> t e -> acc
  toList : t a -> List a
  null : t a -> Bool
  foldl f start xs = foldr (\x, go, acc => go (f acc x)) id xs start
  toList xs = foldr (::) [] xs
  null xs = foldr (\_, _ => False) True xs

Functor List where
  map f [] = []
  map f (x :: xs) = f x :: map f xs

Applicative List where
  pure x = [x]
  [] <*> xs = []
  (f :: fs) <*> xs = map f xs ++ (fs <*> xs)

Monad List where
  [] >>= f = []
  (x :: xs) >>= f = f x ++ (xs >>= f)

Alternative List where
  empty = []
  xs <|> ys = xs ++ ys

Foldable List where
  foldr f start [] = start
  foldr f start (x :: xs) = f x (foldr f start xs)
  foldl f start [] = start
  foldl f start (x :: xs) = foldl f (f start x) xs
  toList xs = xs
  null [] = True
  null (x :: xs) = False

Functor Maybe where
  map f Nothing = Nothing
  map f (Just x) = Just (f x)

Applicative Maybe where
  pure = Just
  Just f <*> Just x = Just (f x)
  _ <*> _ = Nothing

Monad Maybe where
  Nothing >>= f = Nothing
  Just x >>= f = f x

Alternative Maybe where
  empty = Nothing
  Just x <|> y = Just x
  Nothing <|> y = y

Foldable Maybe where
  foldr f start Nothing = start
  foldr f start (Just x) = f x start

Functor (Either e) where
  map f (Left x) = Left x
  map f (Right y) = Right (f y)

Applicative (Either e) where
  pure = Right
  Left x <*> y = Left x
  Right f <*> y = map f y

Monad (Either e) where
  Left x >>= f = Left x
  Right y >>= f = f y

Functor IO where
  map f x = prim__bind x (\y => prim__pure (f y))

Applicative IO where
  pure x = prim__pure x
  f <*> x = prim__bind f (\g => prim__bind x (\y => prim__pure (g y)))

Monad IO where
  x >>= f = prim__bind x f

sum : (Foldable t, Num a) => t a -> a
sum xs = foldl (+) 0 xs

product : (Foldable t, Num a) => t a -> a
product xs = foldl (*) 1 xs

concat : (Foldable t, Monoid a) => t a -> a
concat xs = foldr (<+>) neutral xs

concatMap : (Foldable t, Monoid b) => (a -> b) -> t a -> b
concatMap f xs = foldr (\x, rest => f x <+> rest) neutral xs

any : Foldable t => (a -> Bool) -> t a -> Bool
any p xs = foldl (\found, x => found || p x) False xs

all : Foldable t => (a -> Bool) -> t a -> Bool
all p xs = foldl (\found, x => found && p x) True xs

elem : (Foldable t, Eq a) => a -> t a -> Bool
elem x xs = any (\y => x == y) xs

traverse_ : (Foldable t, Applicative f) => (a -> f b) -> t a -> f ()
traverse_ f xs = foldr (\x, rest => f x *> rest) (pure ()) xs

for_ : (Foldable t, Applicative f) => t a -> (a -> f b) -> f ()
for_ xs f = traverse_ f xs

sequence_ : (Foldable t, Applicative f) => t (f a) -> f ()
sequence_ xs = foldr (\x, rest => x *> rest) (pure ()) xs

foldlM : (Foldable t, Monad m) => (acc -> e -> m acc) -> acc -> t e -> m acc
foldlM f start xs = foldl (\acc, x => acc >>= \y => f y x) (pure start) xs

interface (Functor t, Foldable t) => Traversable (t : Type -> Type) where
  traverse : Applicative f => (a -> f b) -> t a -> f (t b)

Traversable List where
  traverse f [] = pure []
  traverse f (x :: xs) = map (::) (f x) <*> traverse f xs

Traversable Maybe where
  traverse f Nothing = pure Nothing
  traverse f (Just x) = map Just (f x)

for : (Traversable t, Applicative f) => t a -> (a -> f b) -> f (t b)
for xs f = traverse f xs

sequence : (Traversable t, Applicative f) => t (f a) -> f (t a)
sequence xs = traverse id xs

-- Showing

data Prec = Open | Equality | Dollar | Backtick | User Nat | PrefixMinus | App

precedence : Prec -> Nat
precedence Open = 0
precedence Equality = 1
precedence Dollar = 2
precedence Backtick = 3
precedence (User n) = 4
precedence PrefixMinus = 5
precedence App = 6

interface Show a where
  show : a -> String
  showPrec : Prec -> a -> String
  show x = showPrec Open x
  showPrec _ x = show x

joined : String -> String -> String
joined x y = prim__pack (prim__unpack x ++ prim__unpack y)

showParens : Bool -> String -> String
showParens True s = joined "(" (joined s ")")
showParens False s = s

showCon : Prec -> String -> String -> String
showCon d name args = showParens (precedence d >= precedence App) (joined name args)

showArg : Show a => a -> String
showArg x = joined " " (showPrec App x)

showDigits : Integer -> List Char -> List Char
showDigits n done =
  let rest = prim__chr (prim__add_Int 48 (prim__integerToInt (prim__mod_Integer n 10))) :: done
  in if prim__lt_Integer n 10 then rest else assert_total (showDigits (prim__div_Integer n 10) rest)

showInteger : Integer -> String
showInteger n =
  if prim__lt_Integer n 0
    then joined "-" (prim__pack (showDigits (prim__sub_Integer 0 n) []))
    else prim__pack (showDigits n [])

Show Integer where
  show n = showInteger n
  showPrec d n = showParens (prim__lt_Integer n 0 && precedence d >= precedence PrefixMinus) (showInteger n)

Show Int where
  show n = showInteger (prim__intToInteger n)
  showPrec d n = showPrec d (prim__intToInteger n)

Show Nat where
  show n = showInteger (prim__natToInteger n)

Show Bool where
  show True = "True"
  show False = "False"

Show Ordering where
  show LT = "LT"
  show EQ = "EQ"
  show GT = "GT"

Show () where
  show () = "()"

showChar : Char -> List Char -> List Char
showChar '\n' rest = '\\' :: 'n' :: rest
showChar '\t' rest = '\\' :: 't' :: rest
showChar '\\' rest = '\\' :: '\\' :: rest
showChar c rest = c :: rest

showString : List Char -> List Char
showString [] = ['"']
showString ('"' :: cs) = '\\' :: '"' :: showString cs
showString (c :: cs) = showChar c (showString cs)

Show Char where
  show '\'' = "'\\''"
  show c = prim__pack ('\'' :: showChar c ['\''])

Show String where
  show s = prim__pack ('"' :: showString (prim__unpack s))

showItems : Show a => List a -> String
showItems [] = "]"
showItems [x] = joined (show x) "]"
showItems (x :: xs) = joined (show x) (joined ", " (showItems xs))

Show a => Show (List a) where
  show xs = joined "[" (showItems xs)

Show a => Show (Maybe a) where
  showPrec d Nothing = "Nothing"
  showPrec d (Just x) = showCon d "Just" (showArg x)

(Show a, Show b) => Show (Either a b) where
  showPrec d (Left x) = showCon d "Left" (showArg x)
  showPrec d (Right x) = showCon d "Right" (showArg x)

interface ShowTuple a where
  showTuple : a -> String

Show a => ShowTuple a where
  showTuple x = show x

(Show a, ShowTuple b) => ShowTuple (a, b) where
  showTuple (x, y) = joined (show x) (joined ", " (showTuple y))

(Show a, ShowTuple b) => Show (a, b) where
  show (x, y) = joined "(" (joined (show x) (joined ", " (joined (showTuple y) ")")))

-- Actions

putStr : String -> IO ()
putStr s = prim__putStr s

putStrLn : String -> IO ()
putStrLn s = prim__bind (prim__putStr s) (\_ => prim__putStr "\n")

print : Show a => a -> IO ()
print x = putStr (show x)

printLn : Show a => a -> IO ()
printLn x = putStrLn (show x)

getLine : IO String
getLine = prim__getLine

putChar : Char -> IO ()
putChar c = prim__putStr (prim__pack [c])

-- Ranges

countTo : (Ord a, Num a) => a -> a -> List a
countTo from to = if from > to then [] else from :: assert_total (countTo (from + 1) to)

countDown : (Ord a, Neg a) => a -> a -> List a
countDown from to = if from < to then [] else from :: assert_total (countDown (from - 1) to)

interface Range a where
  rangeFromTo : a -> a -> List a

natDown : Nat -> Nat -> List Nat
natDown from Z = [from]
natDown from (S k) = from :: natDown (minus from 1) k

Range Nat where
  rangeFromTo x y = if x > y then natDown x (minus x y) else countTo x y

Range Integer where
  rangeFromTo x y = if x > y then countDown x y else countTo x y

Range Int where
  rangeFromTo x y = if x > y then countDown x y else countTo x y

charsTo : Int -> Int -> List Char
charsTo from to = if from > to then [] else prim__chr from :: assert_total (charsTo (from + 1) to)

Range Char where
  rangeFromTo x y = charsTo (prim__ord x) (prim__ord y)

-- Casts

interface Cast from to where
  cast : from -> to

Cast Nat Integer where
  cast = natToInteger

Cast Integer Nat where
  cast = integerToNat

Cast Int Integer where
  cast n = prim__intToInteger n

Cast Integer Int where
  cast n = prim__integerToInt n

Cast Nat Int where
  cast n = prim__integerToInt (prim__natToInteger n)

Cast Int Nat where
  cast n = prim__integerToNat (prim__intToInteger n)

Cast Char Int where
  cast = ord

Cast Int Char where
  cast = chr

Cast Char String where
  cast c = prim__pack [c]

Cast Integer String where
  cast = showInteger

Cast Nat String where
  cast n = show n

Cast Int String where
  cast n = show n

isDigit : Char -> Bool
isDigit c = '0' <= c && c <= '9'

isUpper : Char -> Bool
isUpper c = 'A' <= c && c <= 'Z'

isLower : Char -> Bool
isLower c = 'a' <= c && c <= 'z'

isAlpha : Char -> Bool
isAlpha c = isUpper c || isLower c

isAlphaNum : Char -> Bool
isAlphaNum c = isAlpha c || isDigit c

isSpace : Char -> Bool
isSpace c = c == ' ' || c == '\t' || c == '\n'

toUpper : Char -> Char
toUpper c = if isLower c then prim__chr (prim__sub_Int (prim__ord c) 32) else c

toLower : Char -> Char
toLower c = if isUpper c then prim__chr (prim__add_Int (prim__ord c) 32) else c

digitsValue : Integer -> List Char -> Integer
digitsValue acc [] = acc
digitsValue acc (c :: cs) = digitsValue (acc * 10 + prim__intToInteger (prim__sub_Int (prim__ord c) 48)) cs

wholeValue : List Char -> Integer
wholeValue ('-' :: cs) = if all isDigit cs then negate (digitsValue 0 cs) else 0
wholeValue cs = if all isDigit cs then digitsValue 0 cs else 0

Cast String Integer where
  cast s = wholeValue (prim__unpack s)

Cast String Int where
  cast s = prim__integerToInt (wholeValue (prim__unpack s))

Cast String Nat where
  cast s = prim__integerToNat (wholeValue (prim__unpack s))
