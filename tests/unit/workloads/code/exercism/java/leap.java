import java.util.Scanner;

class Leap {
    static boolean isLeap(int year) {
        return year % 100 == 0 ? year % 400 == 0 : year % 4 == 0;
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        in.nextLine();
        System.out.println(isLeap(Integer.parseInt(in.nextLine())));
    }
}
