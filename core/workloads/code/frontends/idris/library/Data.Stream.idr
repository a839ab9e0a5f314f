%default total

iterate : (a -> a) -> a -> Stream a
iterate f x = x :: iterate f (f x)

repeat : a -> Stream a
repeat x = x :: repeat x

nats : Nat -> Stream Nat
nats n = n :: nats (S n)

zipWith : (a -> b -> c) -> Stream a -> Stream b -> Stream c
zipWith f (x :: xs) (y :: ys) = f x y :: zipWith f xs ys

Functor Stream where
  map f (x :: xs) = f x :: map f xs
