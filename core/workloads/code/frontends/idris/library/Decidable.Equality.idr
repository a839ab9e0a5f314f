%default total

interface DecEq t where
  decEq : (x : t) -> (y : t) -> Dec (x = y)

succInjective : {0 m, n : Nat} -> S m = S n -> m = n
succInjective Refl = Refl

DecEq Nat where
  decEq Z Z = Yes Refl
  decEq Z (S k) = No absurd
  decEq (S k) Z = No absurd
  decEq (S k) (S j) = case decEq k j of
    Yes prf => Yes (cong S prf)
    No contra => No (\same => contra (succInjective same))

DecEq Bool where
  decEq True True = Yes Refl
  decEq False False = Yes Refl
  decEq True False = No absurd
  decEq False True = No absurd
