%default total

data Stream : Type -> Type where
  (::) : a -> Inf (Stream a) -> Stream a

head : Stream a -> a
head (x :: xs) = x

tail : Stream a -> Stream a
tail (x :: xs) = xs

take : Nat -> Stream a -> List a
take Z xs = []
take (S k) (x :: xs) = x :: take k xs
