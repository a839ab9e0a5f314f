package java.util;

public class IllegalFormatConversionException extends IllegalArgumentException {
    public IllegalFormatConversionException(String text) { super(text); }
}
