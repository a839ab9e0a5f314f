package java.io;

public final class PrintStream {
    private native void write(String s);
    private native void writeLine(String s);
    private native void writeInteger(long n);

    public void print(String s) { write(s); }
    public void print(int n) { writeInteger(n); }
    public void print(long n) { writeInteger(n); }
    public void print(char c) { write(String.valueOf(c)); }
    public void print(double d) { write(String.valueOf(d)); }
    public void print(boolean b) { write(b ? "true" : "false"); }
    public void print(char[] array) { write(String.valueOf(array)); }
    public void print(Object x) { write(String.valueOf(x)); }
    public void println() { writeLine(""); }
    public void println(String s) { writeLine(s); }
    public void println(int n) { writeInteger(n); writeLine(""); }
    public void println(long n) { writeInteger(n); writeLine(""); }
    public void println(char c) { writeLine(String.valueOf(c)); }
    public void println(double d) { writeLine(String.valueOf(d)); }
    public void println(boolean b) { writeLine(b ? "true" : "false"); }
    public void println(char[] array) { writeLine(String.valueOf(array)); }
    public void println(Object x) { writeLine(String.valueOf(x)); }
    public PrintStream printf(String format, Object... args) { write(String.format(format, args)); return this; }
    public PrintStream format(String format, Object... args) { write(String.format(format, args)); return this; }
    public void flush() {}
}
