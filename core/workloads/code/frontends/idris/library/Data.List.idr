%default total

data NonEmpty : List a -> Type where
  IsNonEmpty : NonEmpty (x :: xs)

Uninhabited (NonEmpty []) where
  uninhabited IsNonEmpty impossible

head : (l : List a) -> {auto 0 ok : NonEmpty l} -> a
head (x :: xs) = x

tail : (l : List a) -> {auto 0 ok : NonEmpty l} -> List a
tail (x :: xs) = xs

last : (l : List a) -> {auto 0 ok : NonEmpty l} -> a
last [x] = x
last (x :: y :: ys) = last (y :: ys)

head' : List a -> Maybe a
head' [] = Nothing
head' (x :: xs) = Just x

tail' : List a -> Maybe (List a)
tail' [] = Nothing
tail' (x :: xs) = Just xs

take : Nat -> List a -> List a
take Z xs = []
take (S k) [] = []
take (S k) (x :: xs) = x :: take k xs

drop : Nat -> List a -> List a
drop Z xs = xs
drop (S k) [] = []
drop (S k) (x :: xs) = drop k xs

splitAt : Nat -> List a -> (List a, List a)
splitAt n xs = (take n xs, drop n xs)

takeWhile : (a -> Bool) -> List a -> List a
takeWhile p [] = []
takeWhile p (x :: xs) = if p x then x :: takeWhile p xs else []

dropWhile : (a -> Bool) -> List a -> List a
dropWhile p [] = []
dropWhile p (x :: xs) = if p x then dropWhile p xs else x :: xs

span : (a -> Bool) -> List a -> (List a, List a)
span p [] = ([], [])
span p (x :: xs) = if p x
  then (case span p xs of
    (ys, zs) => (x :: ys, zs))
  else ([], x :: xs)

partition : (a -> Bool) -> List a -> (List a, List a)
partition p [] = ([], [])
partition p (x :: xs) = case partition p xs of
  (ys, zs) => if p x then (x :: ys, zs) else (ys, x :: zs)

find : (a -> Bool) -> List a -> Maybe a
find p [] = Nothing
find p (x :: xs) = if p x then Just x else find p xs

lookup : Eq a => a -> List (a, b) -> Maybe b
lookup k [] = Nothing
lookup k ((x, y) :: rest) = if k == x then Just y else lookup k rest

replicate : Nat -> a -> List a
replicate Z x = []
replicate (S k) x = x :: replicate k x

zipWith : (a -> b -> c) -> List a -> List b -> List c
zipWith f (x :: xs) (y :: ys) = f x y :: zipWith f xs ys
zipWith f _ _ = []

zip : List a -> List b -> List (a, b)
zip xs ys = zipWith (\x, y => (x, y)) xs ys

unzip : List (a, b) -> (List a, List b)
unzip [] = ([], [])
unzip ((x, y) :: rest) = case unzip rest of
  (xs, ys) => (x :: xs, y :: ys)

insert : Ord a => a -> List a -> List a
insert y [] = [y]
insert y (x :: xs) = if y <= x then y :: x :: xs else x :: insert y xs

sort : Ord a => List a -> List a
sort [] = []
sort (x :: xs) = insert x (sort xs)

nub : Eq a => List a -> List a
nub xs = go [] xs
  where
    go : List a -> List a -> List a
    go seen [] = []
    go seen (y :: ys) = if elem y seen then go seen ys else y :: go (y :: seen) ys

intersperse : a -> List a -> List a
intersperse sep [] = []
intersperse sep [x] = [x]
intersperse sep (x :: y :: ys) = x :: sep :: intersperse sep (y :: ys)

mapMaybe : (a -> Maybe b) -> List a -> List b
mapMaybe f [] = []
mapMaybe f (x :: xs) = case f x of
  Nothing => mapMaybe f xs
  Just y => y :: mapMaybe f xs

catMaybes : List (Maybe a) -> List a
catMaybes xs = mapMaybe id xs

foldr1 : (a -> a -> a) -> (l : List a) -> {auto 0 ok : NonEmpty l} -> a
foldr1 f [x] = x
foldr1 f (x :: y :: ys) = f x (foldr1 f (y :: ys))

index : (n : Nat) -> (xs : List a) -> Maybe a
index n [] = Nothing
index Z (x :: xs) = Just x
index (S k) (x :: xs) = index k xs

isPrefixOf : Eq a => List a -> List a -> Bool
isPrefixOf [] ys = True
isPrefixOf (x :: xs) [] = False
isPrefixOf (x :: xs) (y :: ys) = x == y && isPrefixOf xs ys

appendNilRightNeutral : (l : List a) -> l ++ [] = l
appendNilRightNeutral [] = Refl
appendNilRightNeutral (x :: xs) = cong (x ::) (appendNilRightNeutral xs)

appendAssociative : (l, c, r : List a) -> l ++ (c ++ r) = (l ++ c) ++ r
appendAssociative [] c r = Refl
appendAssociative (x :: xs) c r = cong (x ::) (appendAssociative xs c r)
