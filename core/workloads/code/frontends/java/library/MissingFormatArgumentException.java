package java.util;

public class MissingFormatArgumentException extends IllegalArgumentException {
    public MissingFormatArgumentException(String text) { super("Format specifier '" + text + "'"); }
}
