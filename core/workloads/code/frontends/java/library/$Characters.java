package java.util;

public class $Characters {
    private final String text;
    private String word = "";
    private int place;
    private int next = -2;

    public $Characters(String text) { this.text = text; }
    private int read() {
        if (text == null) return System.in.take();
        return place < text.length() ? text.charAt(place++) : -1;
    }
    private int ahead() {
        if (next == -2) next = read();
        return next;
    }
    public int peek() { return word.isEmpty() ? ahead() : word.charAt(0); }
    private int take() {
        int found = ahead();
        next = -2;
        return found;
    }
    public String line() {
        String found = word;
        word = "";
        while (ahead() >= 0 && ahead() != '\n') {
            char c = (char) take();
            if (c != '\r') found = found + c;
        }
        take();
        return found;
    }
    public String word() {
        if (!word.isEmpty()) return word;
        while (ahead() >= 0 && Character.isWhitespace((char) ahead())) take();
        String found = "";
        while (ahead() >= 0 && !Character.isWhitespace((char) ahead())) found = found + (char) take();
        word = found;
        return found;
    }
    public void drop() { word = ""; }
}
