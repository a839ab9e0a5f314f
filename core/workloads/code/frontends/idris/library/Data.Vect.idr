import Data.Fin

%default total

data Vect : (len : Nat) -> (elem : Type) -> Type where
  Nil : Vect Z elem
  (::) : (x : elem) -> (xs : Vect len elem) -> Vect (S len) elem

length : Vect len elem -> Nat
length [] = Z
length (x :: xs) = S (length xs)

head : Vect (S len) elem -> elem
head (x :: xs) = x

tail : Vect (S len) elem -> Vect len elem
tail (x :: xs) = xs

last : Vect (S len) elem -> elem
last [x] = x
last (x :: y :: ys) = last (y :: ys)

init : Vect (S len) elem -> Vect len elem
init [x] = []
init (x :: y :: ys) = x :: init (y :: ys)

index : Fin len -> Vect len elem -> elem
index FZ (x :: xs) = x
index (FS k) (x :: xs) = index k xs

replaceAt : Fin len -> elem -> Vect len elem -> Vect len elem
replaceAt FZ y (x :: xs) = y :: xs
replaceAt (FS k) y (x :: xs) = x :: replaceAt k y xs

updateAt : Fin len -> (elem -> elem) -> Vect len elem -> Vect len elem
updateAt FZ f (x :: xs) = f x :: xs
updateAt (FS k) f (x :: xs) = x :: updateAt k f xs

deleteAt : Fin (S len) -> Vect (S len) elem -> Vect len elem
deleteAt FZ (x :: xs) = xs
deleteAt (FS k) (x :: y :: ys) = x :: deleteAt k (y :: ys)

(++) : Vect m elem -> Vect n elem -> Vect (m + n) elem
(++) [] ys = ys
(++) (x :: xs) ys = x :: (xs ++ ys)

replicate : (len : Nat) -> elem -> Vect len elem
replicate Z x = []
replicate (S k) x = x :: replicate k x

snoc : Vect n elem -> elem -> Vect (S n) elem
snoc [] y = [y]
snoc (x :: xs) y = x :: snoc xs y

reverse : Vect len elem -> Vect len elem
reverse [] = []
reverse (x :: xs) = snoc (reverse xs) x

take : (n : Nat) -> Vect (n + m) elem -> Vect n elem
take Z xs = []
take (S k) (x :: xs) = x :: take k xs

drop : (n : Nat) -> Vect (n + m) elem -> Vect m elem
drop Z xs = xs
drop (S k) (x :: xs) = drop k xs

splitAt : (n : Nat) -> Vect (n + m) elem -> (Vect n elem, Vect m elem)
splitAt n xs = (take n xs, drop n xs)

zipWith : (a -> b -> c) -> Vect n a -> Vect n b -> Vect n c
zipWith f [] [] = []
zipWith f (x :: xs) (y :: ys) = f x y :: zipWith f xs ys

zip : Vect n a -> Vect n b -> Vect n (a, b)
zip xs ys = zipWith (\x, y => (x, y)) xs ys

unzip : Vect n (a, b) -> (Vect n a, Vect n b)
unzip [] = ([], [])
unzip ((x, y) :: rest) = case unzip rest of
  (xs, ys) => (x :: xs, y :: ys)

insertSorted : Ord elem => elem -> Vect n elem -> Vect (S n) elem
insertSorted y [] = [y]
insertSorted y (x :: xs) = if y <= x then y :: x :: xs else x :: insertSorted y xs

fromList : (xs : List elem) -> Vect (length xs) elem
fromList [] = []
fromList (x :: xs) = x :: fromList xs

filter : (elem -> Bool) -> Vect len elem -> (p ** Vect p elem)
filter p [] = (Z ** [])
filter p (x :: xs) = case filter p xs of
  (n ** rest) => if p x then (S n ** x :: rest) else (n ** rest)

transpose : {n : Nat} -> Vect m (Vect n elem) -> Vect n (Vect m elem)
transpose [] = replicate n []
transpose (xs :: xss) = zipWith (::) xs (transpose xss)

range : {len : Nat} -> Vect len (Fin len)
range {len = Z} = []
range {len = S k} = FZ :: mapped range
  where
    mapped : Vect j (Fin k) -> Vect j (Fin (S k))
    mapped [] = []
    mapped (x :: xs) = FS x :: mapped xs

Functor (Vect n) where
  map f [] = []
  map f (x :: xs) = f x :: map f xs

Foldable (Vect n) where
  foldr f start [] = start
  foldr f start (x :: xs) = f x (foldr f start xs)

Traversable (Vect n) where
  traverse f [] = pure []
  traverse f (x :: xs) = map (::) (f x) <*> traverse f xs

Eq a => Eq (Vect n a) where
  [] == [] = True
  (x :: xs) == (y :: ys) = x == y && xs == ys

Ord a => Ord (Vect n a) where
  compare [] [] = EQ
  compare (x :: xs) (y :: ys) = case compare x y of
    EQ => compare xs ys
    other => other

Show a => Show (Vect n a) where
  show xs = show (toList xs)

data Elem : a -> Vect k a -> Type where
  Here : Elem x (x :: xs)
  There : Elem x xs -> Elem x (y :: xs)
