leap : Integer -> Bool
leap year = if mod year 100 == 0 then mod year 400 == 0 else mod year 4 == 0

main : IO ()
main = do
  _ <- getLine
  year <- getLine
  putStrLn (if leap (cast year) then "true" else "false")
