(define sounds '((3 . "Pling") (5 . "Plang") (7 . "Plong")))

(define (heard number)
  (apply string-append
         (map (lambda (pair) (if (zero? (modulo number (car pair))) (cdr pair) "")) sounds)))

(read-line)
(let* ((number (string->number (read-line)))
       (text (heard number)))
  (display (if (string=? text "") number text))
  (newline))
