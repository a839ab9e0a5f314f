/* Note G: the table of 1842 for the numbers of Bernoulli, as far as B7, in fractions with a sign.

   The state is Lovelace's V6, V7, V11 and V13. Two slips of the printed table are corrected: operation 4 divides V4 by
   V5, and operation 24 takes V13 with its sign changed. */
Q = {neg:Bool, above:Nat, below:Nat};
letrec gcd:Nat->Nat->Nat = lambda a:Nat. lambda b:Nat. if iszero b then a else gcd b (mod a b) in gcd 8 12;
gcd = fix (lambda gcd:Nat->Nat->Nat. lambda a:Nat. lambda b:Nat. if iszero b then a else gcd b (mod a b));
reduced = lambda m:Bool. lambda a:Nat. lambda b:Nat. let g = gcd a b in {neg=m, above=div a g, below=div b g};
differ = lambda a:Bool. lambda b:Bool. if a then (if b then false else true) else b;
times_ = lambda x:Q. lambda y:Q. reduced (differ x.neg y.neg) (times x.above y.above) (times x.below y.below);
add = lambda x:Q. lambda y:Q.
    let a = times x.above y.below in
    let b = times y.above x.below in
    let c = times x.below y.below in
    if differ x.neg y.neg
    then (if less a b then reduced y.neg (minus b a) c else reduced x.neg (minus a b) c)
    else reduced x.neg (plus a b) c;
negative = lambda x:Q. {neg=if x.neg then false else true, above=x.above, below=x.below};
whole = lambda n:Nat. {neg=false, above=n, below=1};
over = lambda x:Q. lambda y:Q. times_ x {neg=y.neg, above=y.below, below=y.above};
State = {v6:Nat, v7:Nat, v11:Q, v13:Q};
/* Operations 1 to 7. */
start = lambda n:Nat.
    let v11 = over (over (whole (pred (times 2 n))) (whole (succ (times 2 n)))) (whole 2) in
    {v6=times 2 n, v7=2, v11=v11, v13=negative v11};
/* Operations 8 to 12: the first factor. */
first = lambda s:State. lambda b:Q.
    let a = over (whole s.v6) (whole s.v7) in
    {v6=s.v6, v7=s.v7, v11=a, v13=add s.v13 (times_ b a)};
/* Operations 13 to 16, and 17 to 20: the next factor. */
factor = lambda s:State.
    {v6=pred s.v6, v7=succ s.v7, v11=times_ s.v11 (over (whole (pred s.v6)) (whole (succ s.v7))), v13=s.v13};
/* Operations 21 to 23. */
further = lambda s:State. lambda b:Q.
    let t = factor (factor s) in
    {v6=t.v6, v7=t.v7, v11=t.v11, v13=add t.v13 (times_ b t.v11)};
b1 = negative (start 1).v13;
b3 = negative (first (start 2) b1).v13;
b5 = negative (further (first (start 3) b1) b3).v13;
b7 = negative (further (further (first (start 4) b1) b3) b5).v13;
b1.above; b1.below; b3.neg; b5.neg; b5.below;
b7.neg; b7.above; b7.below;
b7;
