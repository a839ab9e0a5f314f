import java.util.Scanner;

class Collatz {
    static int steps(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("Only positive integers are allowed");
        }
        int count = 0;
        while (number != 1) {
            number = number % 2 == 0 ? number / 2 : 3 * number + 1;
            count++;
        }
        return count;
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        in.nextLine();
        try {
            System.out.println(steps(Long.parseLong(in.nextLine())));
        } catch (IllegalArgumentException error) {
            System.out.println("error: " + error.getMessage());
        }
    }
}
