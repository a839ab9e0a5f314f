steps :: Int -> Maybe Int
steps number
  | number < 1 = Nothing
  | otherwise = Just (length (takeWhile (/= 1) (iterate next number)))
  where next n = if even n then n `div` 2 else 3 * n + 1

main :: IO ()
main = do
  _ <- getLine
  number <- fmap read getLine
  putStrLn (maybe "error: Only positive integers are allowed" show (steps number))
