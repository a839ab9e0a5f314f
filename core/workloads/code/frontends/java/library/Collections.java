package java.util;

public class Collections {
    public static <T extends Comparable<? super T>> void sort(List<T> list) { list.sort(null); }
    public static <T> void sort(List<T> list, Comparator<? super T> order) { list.sort(order); }
    public static void reverse(List<?> list) {
        List<Object> items = (List<Object>) (Object) list;
        for (int i = 0, j = items.size() - 1; i < j; i++, j--) items.set(i, items.set(j, items.get(i)));
    }
    public static void swap(List<?> list, int i, int j) {
        List<Object> items = (List<Object>) (Object) list;
        items.set(i, items.set(j, items.get(i)));
    }
    public static <T extends Comparable<? super T>> T max(Collection<? extends T> items) {
        return max(items, (a, b) -> a.compareTo(b));
    }
    public static <T extends Comparable<? super T>> T min(Collection<? extends T> items) {
        return max(items, (a, b) -> b.compareTo(a));
    }
    public static <T> T max(Collection<? extends T> items, Comparator<? super T> order) {
        Iterator<? extends T> places = items.iterator();
        T found = places.next();
        while (places.hasNext()) {
            T one = places.next();
            if (order.compare(one, found) > 0) found = one;
        }
        return found;
    }
    public static <T> T min(Collection<? extends T> items, Comparator<? super T> order) {
        return max(items, (a, b) -> order.compare(b, a));
    }
    public static int frequency(Collection<?> items, Object wanted) {
        int count = 0;
        for (Object one : items) if (Objects.equals(wanted, one)) count++;
        return count;
    }
    public static <T> boolean addAll(Collection<? super T> into, T... items) {
        boolean changed = false;
        for (T one : items) if (into.add(one)) changed = true;
        return changed;
    }
    public static <T> List<T> emptyList() { return new $FixedList<T>((T[]) new Object[0], false); }
    public static <T> List<T> nCopies(int count, T one) {
        Object[] items = new Object[count];
        Arrays.fill(items, one);
        return new $FixedList<T>((T[]) items, false);
    }
    public static <T> List<T> unmodifiableList(List<? extends T> list) { return new $Unmodifiable<T>((List<T>) (Object) list); }
    public static <T extends Comparable<? super T>> Comparator<T> reverseOrder() { return Comparator.reverseOrder(); }
}
