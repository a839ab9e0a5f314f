sounds :: [(Int, String)]
sounds = [(3, "Pling"), (5, "Plang"), (7, "Plong")]

drops :: Int -> String
drops number
  | null heard = show number
  | otherwise = heard
  where heard = concat [sound | (factor, sound) <- sounds, number `mod` factor == 0]

main :: IO ()
main = do
  _ <- getLine
  number <- fmap read getLine
  putStrLn (drops number)
