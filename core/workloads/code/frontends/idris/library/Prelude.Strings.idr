%default total

(++) : String -> String -> String
(++) x y = prim__pack (prim__unpack x ++ prim__unpack y)

length : String -> Nat
length s = length (prim__unpack s)

reverse : String -> String
reverse s = prim__pack (reverse (prim__unpack s))

singleton : Char -> String
singleton c = prim__pack [c]

substr : Nat -> Nat -> String -> String
substr start count s = prim__pack (part start count (prim__unpack s))
  where
    front : Nat -> List Char -> List Char
    front Z cs = []
    front (S k) [] = []
    front (S k) (c :: cs) = c :: front k cs
    part : Nat -> Nat -> List Char -> List Char
    part Z n cs = front n cs
    part (S k) n [] = []
    part (S k) n (c :: cs) = part k n cs
