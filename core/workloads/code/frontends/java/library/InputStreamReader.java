package java.io;

public class InputStreamReader {
    public InputStreamReader(InputStream in) {}
}
