leap :: Int -> Bool
leap year
  | year `mod` 100 == 0 = year `mod` 400 == 0
  | otherwise = year `mod` 4 == 0

main :: IO ()
main = do
  _ <- getLine
  year <- fmap read getLine
  putStrLn (if leap year then "true" else "false")
