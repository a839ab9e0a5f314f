package java.util;

public final class Scanner implements AutoCloseable {
    private final $Characters source;

    public Scanner(java.io.InputStream in) { source = new $Characters(null); }
    public Scanner(String text) { source = new $Characters(text); }
    public boolean hasNextLine() { return source.peek() >= 0; }
    public String nextLine() {
        if (source.peek() < 0) throw new NoSuchElementException("No line found");
        return source.line();
    }
    public boolean hasNext() { return !source.word().isEmpty(); }
    private String need() {
        String found = source.word();
        if (found.isEmpty()) throw new NoSuchElementException();
        return found;
    }
    public String next() {
        String found = need();
        source.drop();
        return found;
    }
    public boolean hasNextInt() {
        try {
            Integer.parseInt(source.word());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
    public boolean hasNextLong() {
        try {
            Long.parseLong(source.word());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
    public boolean hasNextDouble() {
        try {
            Double.parseDouble(source.word());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
    private RuntimeException mismatch(String found) {
        if (found.matches("[-+]?[0-9]+")) return new InputMismatchException("For input string: \"" + found + "\"");
        return new InputMismatchException();
    }
    public int nextInt() {
        String found = need();
        try {
            int number = Integer.parseInt(found);
            source.drop();
            return number;
        } catch (NumberFormatException e) {
            throw mismatch(found);
        }
    }
    public long nextLong() {
        String found = need();
        try {
            long number = Long.parseLong(found);
            source.drop();
            return number;
        } catch (NumberFormatException e) {
            throw mismatch(found);
        }
    }
    public double nextDouble() {
        String found = need();
        try {
            double number = Double.parseDouble(found);
            source.drop();
            return number;
        } catch (NumberFormatException e) {
            throw mismatch(found);
        }
    }
    public boolean nextBoolean() {
        String found = need();
        if (!found.equalsIgnoreCase("true") && !found.equalsIgnoreCase("false")) throw mismatch(found);
        source.drop();
        return found.equalsIgnoreCase("true");
    }
    public void close() {}
}
