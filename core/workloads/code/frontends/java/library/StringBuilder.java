package java.lang;

public final class StringBuilder implements CharSequence {
    private String text = "";

    public StringBuilder() {}
    public StringBuilder(int capacity) {}
    public StringBuilder(String text) { this.text = text.toString(); }
    public StringBuilder(CharSequence text) { this.text = text.toString(); }
    public StringBuilder append(String s) { text = text + s; return this; }
    public StringBuilder append(int n) { text = text + n; return this; }
    public StringBuilder append(long n) { text = text + n; return this; }
    public StringBuilder append(char c) { text = text + c; return this; }
    public StringBuilder append(double d) { text = text + d; return this; }
    public StringBuilder append(boolean b) { text = text + b; return this; }
    public StringBuilder append(char[] array) { text = text + String.valueOf(array); return this; }
    public StringBuilder append(Object x) { text = text + x; return this; }
    private void check(int index) {
        if (index < 0 || index > text.length()) throw new StringIndexOutOfBoundsException("offset " + index + ", length " + text.length());
    }
    public StringBuilder insert(int index, String s) {
        check(index);
        text = text.substring(0, index) + s + text.substring(index);
        return this;
    }
    public StringBuilder insert(int index, char c) { return insert(index, String.valueOf(c)); }
    public StringBuilder insert(int index, int n) { return insert(index, String.valueOf(n)); }
    public StringBuilder insert(int index, Object x) { return insert(index, String.valueOf(x)); }
    public StringBuilder delete(int start, int stop) {
        stop = Math.min(stop, text.length());
        if (start < 0 || start > stop) throw new StringIndexOutOfBoundsException("start " + start + ", end " + stop + ", length " + text.length());
        text = text.substring(0, start) + text.substring(stop);
        return this;
    }
    private void inside(int index) {
        if (index < 0 || index >= text.length()) throw new StringIndexOutOfBoundsException("index " + index + ",length " + text.length());
    }
    public StringBuilder deleteCharAt(int index) {
        inside(index);
        return delete(index, index + 1);
    }
    public StringBuilder replace(int start, int stop, String s) {
        stop = Math.min(stop, text.length());
        text = text.substring(0, start) + s + text.substring(stop);
        return this;
    }
    public StringBuilder reverse() {
        char[] array = text.toCharArray();
        for (int i = 0, j = array.length - 1; i < j; i++, j--) {
            char c = array[i];
            array[i] = array[j];
            array[j] = c;
        }
        text = String.valueOf(array);
        return this;
    }
    public void setCharAt(int index, char c) {
        inside(index);
        text = text.substring(0, index) + c + text.substring(index + 1);
    }
    public void setLength(int length) {
        text = length <= text.length() ? text.substring(0, length) : text + "\u0000".repeat(length - text.length());
    }
    public int length() { return text.length(); }
    public boolean isEmpty() { return text.isEmpty(); }
    public char charAt(int index) {
        inside(index);
        return text.charAt(index);
    }
    public int indexOf(String part) { return text.indexOf(part); }
    public String substring(int start) { return text.substring(start); }
    public String substring(int start, int stop) { return text.substring(start, stop); }
    public String toString() { return text; }
}
