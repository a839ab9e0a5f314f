%default total

data IsSucc : Nat -> Type where
  ItIsSucc : IsSucc (S n)

data LTE : Nat -> Nat -> Type where
  LTEZero : LTE Z right
  LTESucc : LTE left right -> LTE (S left) (S right)

GTE : Nat -> Nat -> Type
GTE left right = LTE right left

LT : Nat -> Nat -> Type
LT left right = LTE (S left) right

GT : Nat -> Nat -> Type
GT left right = LT right left

Uninhabited (LTE (S n) Z) where
  uninhabited LTEZero impossible
  uninhabited (LTESucc x) impossible

fromLteSucc : LTE (S m) (S n) -> LTE m n
fromLteSucc (LTESucc x) = x

isLTE : (m, n : Nat) -> Dec (LTE m n)
isLTE Z n = Yes LTEZero
isLTE (S k) Z = No absurd
isLTE (S k) (S j) = case isLTE k j of
  Yes prf => Yes (LTESucc prf)
  No contra => No (\x => contra (fromLteSucc x))

lteRefl : {n : Nat} -> LTE n n
lteRefl {n = Z} = LTEZero
lteRefl {n = S k} = LTESucc lteRefl

lteSuccRight : LTE n m -> LTE n (S m)
lteSuccRight LTEZero = LTEZero
lteSuccRight (LTESucc x) = LTESucc (lteSuccRight x)

lteTransitive : LTE n m -> LTE m p -> LTE n p
lteTransitive LTEZero y = LTEZero
lteTransitive (LTESucc x) (LTESucc y) = LTESucc (lteTransitive x y)

lteAddRight : (n : Nat) -> LTE n (n + m)
lteAddRight Z = LTEZero
lteAddRight (S k) = LTESucc (lteAddRight k)

pred : Nat -> Nat
pred Z = Z
pred (S k) = k

isZero : Nat -> Bool
isZero Z = True
isZero (S k) = False

plusZeroLeftNeutral : (right : Nat) -> 0 + right = right
plusZeroLeftNeutral right = Refl

plusZeroRightNeutral : (left : Nat) -> left + 0 = left
plusZeroRightNeutral Z = Refl
plusZeroRightNeutral (S k) = cong S (plusZeroRightNeutral k)

plusSuccRightSucc : (left, right : Nat) -> S (left + right) = left + S right
plusSuccRightSucc Z right = Refl
plusSuccRightSucc (S k) right = cong S (plusSuccRightSucc k right)

plusCommutative : (left, right : Nat) -> left + right = right + left
plusCommutative Z right = sym (plusZeroRightNeutral right)
plusCommutative (S k) right = trans (cong S (plusCommutative k right)) (plusSuccRightSucc right k)

plusAssociative : (left, centre, right : Nat) -> left + (centre + right) = (left + centre) + right
plusAssociative Z centre right = Refl
plusAssociative (S k) centre right = cong S (plusAssociative k centre right)

plusLeftCancel : (left, right, right' : Nat) -> left + right = left + right' -> right = right'
plusLeftCancel Z right right' p = p
plusLeftCancel (S k) right right' p = plusLeftCancel k right right' (injective' p)
  where
    injective' : {0 x, y : Nat} -> S x = S y -> x = y
    injective' Refl = Refl

multZeroLeftZero : (right : Nat) -> 0 * right = 0
multZeroLeftZero right = Refl

multZeroRightZero : (left : Nat) -> left * 0 = 0
multZeroRightZero Z = Refl
multZeroRightZero (S k) = multZeroRightZero k

multRightSuccPlus : (left, right : Nat) -> left * S right = left + (left * right)
multRightSuccPlus Z right = Refl
multRightSuccPlus (S k) right =
  rewrite multRightSuccPlus k right in
  rewrite plusAssociative k right (k * right) in
  rewrite plusAssociative right k (k * right) in
  rewrite plusCommutative right k in Refl

multCommutative : (left, right : Nat) -> left * right = right * left
multCommutative Z right = sym (multZeroRightZero right)
multCommutative (S k) right =
  rewrite multCommutative k right in
  rewrite multRightSuccPlus right k in Refl

multDistributesOverPlusRight : (left, centre, right : Nat) -> left * (centre + right) = (left * centre) + (left * right)
multDistributesOverPlusRight Z centre right = Refl
multDistributesOverPlusRight (S k) centre right =
  rewrite multDistributesOverPlusRight k centre right in
  rewrite plusAssociative (centre + k * centre) right (k * right) in
  rewrite sym (plusAssociative centre (k * centre) right) in
  rewrite plusCommutative (k * centre) right in
  rewrite plusAssociative centre right (k * centre) in
  rewrite plusAssociative (centre + right) (k * centre) (k * right) in Refl

multOneLeftNeutral : (right : Nat) -> 1 * right = right
multOneLeftNeutral right = plusZeroRightNeutral right

multOneRightNeutral : (left : Nat) -> left * 1 = left
multOneRightNeutral Z = Refl
multOneRightNeutral (S k) = cong S (multOneRightNeutral k)

maximum : Nat -> Nat -> Nat
maximum Z right = right
maximum (S left) Z = S left
maximum (S left) (S right) = S (maximum left right)

minimum : Nat -> Nat -> Nat
minimum Z right = Z
minimum (S left) Z = Z
minimum (S left) (S right) = S (minimum left right)

covering
Integral Nat where
  div x y = integerToNat (div (natToInteger x) (natToInteger y))
  mod x y = integerToNat (mod (natToInteger x) (natToInteger y))

divNat : Nat -> Nat -> Nat
divNat x y = integerToNat (div (natToInteger x) (natToInteger y))

modNat : Nat -> Nat -> Nat
modNat x y = integerToNat (mod (natToInteger x) (natToInteger y))

covering
gcd : Nat -> Nat -> Nat
gcd a Z = a
gcd a (S k) = gcd (S k) (modNat a (S k))
