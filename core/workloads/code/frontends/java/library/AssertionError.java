package java.lang;

public class AssertionError extends Error {
    public AssertionError() {}
    public AssertionError(Object message) { super(String.valueOf(message)); }
    public AssertionError(String message, Throwable cause) { super(message, cause); }
}
