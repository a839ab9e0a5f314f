partial
steps : Integer -> Integer -> Integer
steps count 1 = count
steps count number =
  if mod number 2 == 0 then steps (count + 1) (div number 2) else steps (count + 1) (3 * number + 1)

partial
main : IO ()
main = do
  _ <- getLine
  line <- getLine
  let number = the Integer (cast line)
  putStrLn (if number < 1 then "error: Only positive integers are allowed" else show (steps 0 number))
