package java.lang;

public class Throwable {
    private String message;
    private Throwable cause;
    int site;

    public Throwable() {}
    public Throwable(String message) { this.message = message; }
    public Throwable(String message, Throwable cause) {
        this.message = message;
        this.cause = cause;
    }
    public Throwable(Throwable cause) {
        this.cause = cause;
        if (cause != null) message = cause.toString();
    }
    static native String place(int site);
    public String getMessage() { return message; }
    public String getLocalizedMessage() { return getMessage(); }
    public Throwable getCause() { return cause; }
    public Throwable initCause(Throwable cause) {
        this.cause = cause;
        return this;
    }
    public String toString() {
        String text = getLocalizedMessage();
        return text == null ? Object.className(this) : Object.className(this) + ": " + text;
    }
    public void printStackTrace() {
        System.err.println(this);
        System.err.println("\tat " + place(site));
        if (cause != null) {
            System.err.print("Caused by: ");
            cause.printStackTrace();
        }
    }
}
