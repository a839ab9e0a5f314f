%default total

data Fin : (n : Nat) -> Type where
  FZ : Fin (S k)
  FS : Fin k -> Fin (S k)

Uninhabited (Fin Z) where
  uninhabited FZ impossible
  uninhabited (FS x) impossible

finToNat : Fin n -> Nat
finToNat FZ = Z
finToNat (FS k) = S (finToNat k)

finToInteger : Fin n -> Integer
finToInteger k = natToInteger (finToNat k)

weaken : Fin n -> Fin (S n)
weaken FZ = FZ
weaken (FS k) = FS (weaken k)

weakenN : (0 n : Nat) -> Fin m -> Fin (m + n)
weakenN n FZ = FZ
weakenN n (FS k) = FS (weakenN n k)

shift : (m : Nat) -> Fin n -> Fin (m + n)
shift Z k = k
shift (S m) k = FS (shift m k)

last : {n : Nat} -> Fin (S n)
last {n = Z} = FZ
last {n = S k} = FS last

natToFin : Nat -> (n : Nat) -> Maybe (Fin n)
natToFin k Z = Nothing
natToFin Z (S n) = Just FZ
natToFin (S k) (S n) = map FS (natToFin k n)

integerToFin : Integer -> (n : Nat) -> Maybe (Fin n)
integerToFin x n = if x < 0 then Nothing else natToFin (integerToNat x) n

Eq (Fin n) where
  x == y = finToNat x == finToNat y

Ord (Fin n) where
  compare x y = compare (finToNat x) (finToNat y)

Show (Fin n) where
  show k = show (finToNat k)

Cast (Fin n) Nat where
  cast = finToNat

Cast (Fin n) Integer where
  cast = finToInteger

allFins : (n : Nat) -> List (Fin n)
allFins Z = []
allFins (S n) = FZ :: map FS (allFins n)
