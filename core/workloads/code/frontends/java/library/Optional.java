package java.util;

import java.util.function.*;

public final class Optional<T> {
    private final T value;

    private Optional(T value) { this.value = value; }
    public static <T> Optional<T> of(T value) { return new Optional<T>(Objects.requireNonNull(value)); }
    public static <T> Optional<T> ofNullable(T value) { return new Optional<T>(value); }
    public static <T> Optional<T> empty() { return new Optional<T>(null); }
    public boolean isPresent() { return value != null; }
    public boolean isEmpty() { return value == null; }
    public T get() {
        if (value == null) throw new NoSuchElementException("No value present");
        return value;
    }
    public T orElseThrow() { return get(); }
    public T orElse(T otherwise) { return value != null ? value : otherwise; }
    public void ifPresent(Consumer<? super T> action) { if (value != null) action.accept(value); }
    public <U> Optional<U> map(Function<? super T, ? extends U> change) {
        return new Optional<U>(value == null ? null : change.apply(value));
    }
    public boolean equals(Object other) { return other instanceof Optional && Objects.equals(value, ((Optional<?>) other).value); }
    public int hashCode() { return Objects.hashCode(value); }
    public String toString() { return value == null ? "Optional.empty" : "Optional[" + value + "]"; }
}
