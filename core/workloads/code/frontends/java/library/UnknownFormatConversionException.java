package java.util;

public class UnknownFormatConversionException extends IllegalArgumentException {
    public UnknownFormatConversionException(String text) { super("Conversion = '" + text + "'"); }
}
