import java.util.Scanner;

class Raindrops {
    private static final int[] FACTORS = {3, 5, 7};
    private static final String[] SOUNDS = {"Pling", "Plang", "Plong"};

    static String drops(int number) {
        StringBuilder heard = new StringBuilder();
        for (int i = 0; i < FACTORS.length; i++) {
            if (number % FACTORS[i] == 0) {
                heard.append(SOUNDS[i]);
            }
        }
        return heard.length() == 0 ? String.valueOf(number) : heard.toString();
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        in.nextLine();
        System.out.println(drops(Integer.parseInt(in.nextLine())));
    }
}
