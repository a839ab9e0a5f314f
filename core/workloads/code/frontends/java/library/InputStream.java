package java.io;

public final class InputStream {
    private native int next();
    public int read() throws IOException { return next(); }
    public int take() { return next(); }
}
