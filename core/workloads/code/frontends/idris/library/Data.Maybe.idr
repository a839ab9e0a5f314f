%default total

isJust : Maybe a -> Bool
isJust Nothing = False
isJust (Just x) = True

isNothing : Maybe a -> Bool
isNothing Nothing = True
isNothing (Just x) = False

fromMaybe : Lazy a -> Maybe a -> a
fromMaybe x Nothing = x
fromMaybe x (Just y) = y
