package java.util;

public class Arrays {
    private static void check(int length, int start, int stop) {
        if (start > stop) throw new IllegalArgumentException("fromIndex(" + start + ") > toIndex(" + stop + ")");
        if (start < 0) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        if (stop > length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + stop);
    }
    private static int span(int start, int stop) {
        if (start > stop) throw new IllegalArgumentException(start + " > " + stop);
        return stop - start;
    }
    public static <T> List<T> asList(T... items) { return new $FixedList<T>(items, true); }
    public static String toString(int[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + array[i];
        return text + "]";
    }
    public static boolean equals(int[] a, int[] b) {
        if (a == null || b == null) return a == b;
        if (a.length != b.length) return false;
        for (int i = 0; i < a.length; i++) if (a[i] != b[i]) return false;
        return true;
    }
    public static int hashCode(int[] array) {
        if (array == null) return 0;
        int found = 1;
        for (int one : array) found = 31 * found + one;
        return found;
    }
    public static void fill(int[] array, int value) { for (int i = 0; i < array.length; i++) array[i] = value; }
    public static void fill(int[] array, int start, int stop, int value) {
        check(array.length, start, stop);
        for (int i = start; i < stop; i++) array[i] = value;
    }
    public static int[] copyOf(int[] array, int length) {
        int[] made = new int[length];
        for (int i = 0; i < length && i < array.length; i++) made[i] = array[i];
        return made;
    }
    public static int[] copyOfRange(int[] array, int start, int stop) {
        int[] made = new int[span(start, stop)];
        if (start < 0 || start > array.length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        for (int i = start; i < stop && i < array.length; i++) made[i - start] = array[i];
        return made;
    }
    public static void sort(int[] array) { sort(array, 0, array.length); }
    public static void sort(int[] array, int start, int stop) {
        check(array.length, start, stop);
        int step = 1;
        while (step < (stop - start) / 3) step = step * 3 + 1;
        for (; step > 0; step /= 3) {
            for (int i = start + step; i < stop; i++) {
                int one = array[i];
                int place = i;
                while (place >= start + step && array[place - step] > one) {
                    array[place] = array[place - step];
                    place -= step;
                }
                array[place] = one;
            }
        }
    }
    public static int binarySearch(int[] array, int wanted) {
        int low = 0;
        int high = array.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (array[middle] < wanted) low = middle + 1;
            else if (array[middle] > wanted) high = middle - 1;
            else return middle;
        }
        return -(low + 1);
    }
    public static String toString(long[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + array[i];
        return text + "]";
    }
    public static boolean equals(long[] a, long[] b) {
        if (a == null || b == null) return a == b;
        if (a.length != b.length) return false;
        for (int i = 0; i < a.length; i++) if (a[i] != b[i]) return false;
        return true;
    }
    public static int hashCode(long[] array) {
        if (array == null) return 0;
        int found = 1;
        for (long one : array) found = 31 * found + Long.hashCode(one);
        return found;
    }
    public static void fill(long[] array, long value) { for (int i = 0; i < array.length; i++) array[i] = value; }
    public static void fill(long[] array, int start, int stop, long value) {
        check(array.length, start, stop);
        for (int i = start; i < stop; i++) array[i] = value;
    }
    public static long[] copyOf(long[] array, int length) {
        long[] made = new long[length];
        for (int i = 0; i < length && i < array.length; i++) made[i] = array[i];
        return made;
    }
    public static long[] copyOfRange(long[] array, int start, int stop) {
        long[] made = new long[span(start, stop)];
        if (start < 0 || start > array.length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        for (int i = start; i < stop && i < array.length; i++) made[i - start] = array[i];
        return made;
    }
    public static void sort(long[] array) { sort(array, 0, array.length); }
    public static void sort(long[] array, int start, int stop) {
        check(array.length, start, stop);
        int step = 1;
        while (step < (stop - start) / 3) step = step * 3 + 1;
        for (; step > 0; step /= 3) {
            for (int i = start + step; i < stop; i++) {
                long one = array[i];
                int place = i;
                while (place >= start + step && array[place - step] > one) {
                    array[place] = array[place - step];
                    place -= step;
                }
                array[place] = one;
            }
        }
    }
    public static int binarySearch(long[] array, long wanted) {
        int low = 0;
        int high = array.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (array[middle] < wanted) low = middle + 1;
            else if (array[middle] > wanted) high = middle - 1;
            else return middle;
        }
        return -(low + 1);
    }
    public static String toString(double[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + array[i];
        return text + "]";
    }
    public static boolean equals(double[] a, double[] b) {
        if (a == null || b == null) return a == b;
        if (a.length != b.length) return false;
        for (int i = 0; i < a.length; i++) if (Double.compare(a[i], b[i]) != 0) return false;
        return true;
    }
    public static int hashCode(double[] array) {
        if (array == null) return 0;
        int found = 1;
        for (double one : array) found = 31 * found + Double.hashCode(one);
        return found;
    }
    public static void fill(double[] array, double value) { for (int i = 0; i < array.length; i++) array[i] = value; }
    public static void fill(double[] array, int start, int stop, double value) {
        check(array.length, start, stop);
        for (int i = start; i < stop; i++) array[i] = value;
    }
    public static double[] copyOf(double[] array, int length) {
        double[] made = new double[length];
        for (int i = 0; i < length && i < array.length; i++) made[i] = array[i];
        return made;
    }
    public static double[] copyOfRange(double[] array, int start, int stop) {
        double[] made = new double[span(start, stop)];
        if (start < 0 || start > array.length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        for (int i = start; i < stop && i < array.length; i++) made[i - start] = array[i];
        return made;
    }
    public static void sort(double[] array) { sort(array, 0, array.length); }
    public static void sort(double[] array, int start, int stop) {
        check(array.length, start, stop);
        int step = 1;
        while (step < (stop - start) / 3) step = step * 3 + 1;
        for (; step > 0; step /= 3) {
            for (int i = start + step; i < stop; i++) {
                double one = array[i];
                int place = i;
                while (place >= start + step && Double.compare(array[place - step], one) > 0) {
                    array[place] = array[place - step];
                    place -= step;
                }
                array[place] = one;
            }
        }
    }
    public static int binarySearch(double[] array, double wanted) {
        int low = 0;
        int high = array.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (array[middle] < wanted) low = middle + 1;
            else if (array[middle] > wanted) high = middle - 1;
            else return middle;
        }
        return -(low + 1);
    }
    public static String toString(char[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + array[i];
        return text + "]";
    }
    public static boolean equals(char[] a, char[] b) {
        if (a == null || b == null) return a == b;
        if (a.length != b.length) return false;
        for (int i = 0; i < a.length; i++) if (a[i] != b[i]) return false;
        return true;
    }
    public static int hashCode(char[] array) {
        if (array == null) return 0;
        int found = 1;
        for (char one : array) found = 31 * found + one;
        return found;
    }
    public static void fill(char[] array, char value) { for (int i = 0; i < array.length; i++) array[i] = value; }
    public static void fill(char[] array, int start, int stop, char value) {
        check(array.length, start, stop);
        for (int i = start; i < stop; i++) array[i] = value;
    }
    public static char[] copyOf(char[] array, int length) {
        char[] made = new char[length];
        for (int i = 0; i < length && i < array.length; i++) made[i] = array[i];
        return made;
    }
    public static char[] copyOfRange(char[] array, int start, int stop) {
        char[] made = new char[span(start, stop)];
        if (start < 0 || start > array.length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        for (int i = start; i < stop && i < array.length; i++) made[i - start] = array[i];
        return made;
    }
    public static void sort(char[] array) { sort(array, 0, array.length); }
    public static void sort(char[] array, int start, int stop) {
        check(array.length, start, stop);
        int step = 1;
        while (step < (stop - start) / 3) step = step * 3 + 1;
        for (; step > 0; step /= 3) {
            for (int i = start + step; i < stop; i++) {
                char one = array[i];
                int place = i;
                while (place >= start + step && array[place - step] > one) {
                    array[place] = array[place - step];
                    place -= step;
                }
                array[place] = one;
            }
        }
    }
    public static int binarySearch(char[] array, char wanted) {
        int low = 0;
        int high = array.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (array[middle] < wanted) low = middle + 1;
            else if (array[middle] > wanted) high = middle - 1;
            else return middle;
        }
        return -(low + 1);
    }
    public static String toString(boolean[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + array[i];
        return text + "]";
    }
    public static boolean equals(boolean[] a, boolean[] b) {
        if (a == null || b == null) return a == b;
        if (a.length != b.length) return false;
        for (int i = 0; i < a.length; i++) if (a[i] != b[i]) return false;
        return true;
    }
    public static int hashCode(boolean[] array) {
        if (array == null) return 0;
        int found = 1;
        for (boolean one : array) found = 31 * found + Boolean.hashCode(one);
        return found;
    }
    public static void fill(boolean[] array, boolean value) { for (int i = 0; i < array.length; i++) array[i] = value; }
    public static void fill(boolean[] array, int start, int stop, boolean value) {
        check(array.length, start, stop);
        for (int i = start; i < stop; i++) array[i] = value;
    }
    public static boolean[] copyOf(boolean[] array, int length) {
        boolean[] made = new boolean[length];
        for (int i = 0; i < length && i < array.length; i++) made[i] = array[i];
        return made;
    }
    public static boolean[] copyOfRange(boolean[] array, int start, int stop) {
        boolean[] made = new boolean[span(start, stop)];
        if (start < 0 || start > array.length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        for (int i = start; i < stop && i < array.length; i++) made[i - start] = array[i];
        return made;
    }
    public static String toString(Object[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + array[i];
        return text + "]";
    }
    public static boolean equals(Object[] a, Object[] b) {
        if (a == null || b == null) return a == b;
        if (a.length != b.length) return false;
        for (int i = 0; i < a.length; i++) if (!Objects.equals(a[i], b[i])) return false;
        return true;
    }
    public static int hashCode(Object[] array) {
        if (array == null) return 0;
        int found = 1;
        for (Object one : array) found = 31 * found + Objects.hashCode(one);
        return found;
    }
    public static void fill(Object[] array, Object value) { for (int i = 0; i < array.length; i++) array[i] = value; }
    public static void fill(Object[] array, int start, int stop, Object value) {
        check(array.length, start, stop);
        for (int i = start; i < stop; i++) array[i] = value;
    }
    public static <T> T[] copyOf(T[] array, int length) {
        T[] made = (T[]) new Object[length];
        for (int i = 0; i < length && i < array.length; i++) made[i] = array[i];
        return made;
    }
    public static <T> T[] copyOfRange(T[] array, int start, int stop) {
        T[] made = (T[]) new Object[span(start, stop)];
        if (start < 0 || start > array.length) throw new ArrayIndexOutOfBoundsException("Array index out of range: " + start);
        for (int i = start; i < stop && i < array.length; i++) made[i - start] = array[i];
        return made;
    }
    public static void sort(Object[] array) { sort(array, null); }
    public static <T> void sort(T[] array, Comparator<? super T> order) {
        Comparator<Object> by = (Comparator<Object>) (Object) order;
        if (by == null) by = (a, b) -> ((Comparable<Object>) a).compareTo(b);
        Object[] from = array;
        Object[] to = new Object[array.length];
        for (int width = 1; width < array.length; width *= 2) {
            for (int start = 0; start < array.length; start += 2 * width) {
                merge(from, to, start, Math.min(start + width, array.length), Math.min(start + 2 * width, array.length), by);
            }
            Object[] other = from;
            from = to;
            to = other;
        }
        if (from != (Object[]) array) for (int i = 0; i < to.length; i++) to[i] = from[i];
    }
    private static void merge(Object[] from, Object[] to, int start, int middle, int stop, Comparator<Object> order) {
        int left = start;
        int right = middle;
        for (int i = start; i < stop; i++) {
            if (left < middle && (right >= stop || order.compare(from[left], from[right]) <= 0)) to[i] = from[left++];
            else to[i] = from[right++];
        }
    }
    public static String deepToString(Object[] array) {
        if (array == null) return "null";
        String text = "[";
        for (int i = 0; i < array.length; i++) text = text + (i > 0 ? ", " : "") + $Deep.shown(array[i]);
        return text + "]";
    }
}
