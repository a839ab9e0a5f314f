package java.util;

class $Deep {
    static native int marked(Object array);
    static String shown(Object one) {
        if (!(one instanceof Object[])) return String.valueOf(one);
        int mark = marked(one);
        if (mark == 0) return Arrays.toString((int[]) one);
        if (mark == 2) return Arrays.toString((double[]) one);
        if (mark == 3) return Arrays.toString((char[]) one);
        if (mark == 4) return Arrays.toString((boolean[]) one);
        return Arrays.deepToString((Object[]) one);
    }
}
