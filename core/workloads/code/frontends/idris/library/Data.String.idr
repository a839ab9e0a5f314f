import Data.List

%default total

strip : List Char -> List Char
strip cs = dropWhile isSpace cs

pieces : (Char -> Bool) -> List Char -> List Char -> List (List Char)
pieces p done [] = [reverse done]
pieces p done (c :: cs) = if p c then reverse done :: pieces p [] cs else pieces p (c :: done) cs

words : String -> List String
words s = map pack (filter (\w => not (null w)) (pieces isSpace [] (unpack s)))

lines : String -> List String
lines s = map pack (pieces (\c => c == '\n') [] (unpack s))

unwords : List String -> String
unwords ws = pack (concat (intersperse [' '] (map unpack ws)))

unlines : List String -> String
unlines ls = pack (concatMap (\l => unpack l ++ ['\n']) ls)

trim : String -> String
trim s = pack (reverse (strip (reverse (strip (unpack s)))))

parsePositive : String -> Maybe Integer
parsePositive s = case unpack (trim s) of
  [] => Nothing
  cs => if all isDigit cs then Just (digitsValue 0 cs) else Nothing

parseInteger : String -> Maybe Integer
parseInteger s = case unpack (trim s) of
  [] => Nothing
  ['-'] => Nothing
  ('-' :: cs) => if all isDigit cs then Just (negate (digitsValue 0 cs)) else Nothing
  cs => if all isDigit cs then Just (digitsValue 0 cs) else Nothing
