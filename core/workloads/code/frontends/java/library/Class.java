package java.lang;

public final class Class<T> {
    private final String name;

    Class(String name) { this.name = name; }
    public String getName() { return name; }
    public String getTypeName() { return name; }
    public String getSimpleName() {
        int cut = Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1;
        String last = name.substring(cut);
        return last.length() > 0 && Character.isDigit(last.charAt(0)) ? "" : last;
    }
    public boolean equals(Object other) { return other instanceof Class && ((Class<?>) other).name.equals(name); }
    public int hashCode() { return name.hashCode(); }
    public String toString() { return "class " + name; }
}
