sound : Integer -> (Integer, String) -> String
sound number (factor, heard) = if mod number factor == 0 then heard else ""

drops : Integer -> String
drops number =
  let heard = concat (map (sound number) [(3, "Pling"), (5, "Plang"), (7, "Plong")])
  in if heard == "" then show number else heard

main : IO ()
main = do
  _ <- getLine
  number <- getLine
  putStrLn (drops (cast number))
