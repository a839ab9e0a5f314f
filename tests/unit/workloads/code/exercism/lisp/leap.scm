(define (leap? year)
  (if (zero? (modulo year 100))
      (zero? (modulo year 400))
      (zero? (modulo year 4))))

(read-line)
(display (if (leap? (string->number (read-line))) "true" "false"))
(newline)
