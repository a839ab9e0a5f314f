package java.lang;

import java.util.*;

public interface Iterable<T> {
    Iterator<T> iterator();
    default void forEach(java.util.function.Consumer<? super T> action) {
        for (T one : this) action.accept(one);
    }
}
