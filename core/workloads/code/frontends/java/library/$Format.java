package java.lang;

class $Format {
    static String format(String format, Object[] args) {
        String text = "";
        int next = 0;
        int place = 0;
        while (place < format.length()) {
            int mark = format.indexOf('%', place);
            if (mark < 0) break;
            text = text + format.substring(place, mark);
            int at = mark + 1;
            while (at < format.length() && "-+ 0,(".indexOf(format.charAt(at)) >= 0) at++;
            String flags = format.substring(mark + 1, at);
            int digits = at;
            while (at < format.length() && Character.isDigit(format.charAt(at))) at++;
            int width = at > digits ? Integer.parseInt(format.substring(digits, at)) : 0;
            int precision = -1;
            if (at < format.length() && format.charAt(at) == '.') {
                int start = ++at;
                while (at < format.length() && Character.isDigit(format.charAt(at))) at++;
                precision = Integer.parseInt(format.substring(start, at));
            }
            if (at >= format.length()) throw new java.util.UnknownFormatConversionException("%");
            char kind = format.charAt(at);
            if (kind == 'n' || kind == '%') {
                text = text + (kind == 'n' ? "\n" : padded("%", width, flags));
            } else {
                if (next >= args.length) throw new java.util.MissingFormatArgumentException(format.substring(mark, at + 1));
                text = text + converted(kind, flags, width, precision, args[next++]);
            }
            place = at + 1;
        }
        return text + format.substring(place);
    }
    private static String padded(String text, int width, String flags) {
        if (text.length() >= width) return text;
        String spaces = " ".repeat(width - text.length());
        return flags.indexOf('-') >= 0 ? text + spaces : spaces + text;
    }
    private static String converted(char kind, String flags, int width, int precision, Object arg) {
        String text = String.valueOf(arg);
        switch (kind) {
            case 'd':
                if (arg != null && !(arg instanceof Integer || arg instanceof Long || arg instanceof Short || arg instanceof Byte)) mismatch(kind, arg);
                if (arg != null) text = signed(text, flags, width);
                break;
            case 'f':
                if (arg != null && !(arg instanceof Double)) mismatch(kind, arg);
                if (arg != null) text = floating((double) arg, flags, width, precision < 0 ? 6 : precision);
                break;
            case 'x':
            case 'X':
                if (arg != null && !(arg instanceof Integer || arg instanceof Long)) mismatch(kind, arg);
                if (arg != null) text = arg instanceof Integer ? Integer.toHexString((int) arg) : Long.toHexString((long) arg);
                if (flags.indexOf('0') >= 0 && text.length() < width) text = "0".repeat(width - text.length()) + text;
                if (kind == 'X') text = text.toUpperCase();
                break;
            case 'c':
                if (arg != null && !(arg instanceof Character || arg instanceof Integer)) mismatch(kind, arg);
                if (arg instanceof Integer) text = String.valueOf((char) (int) arg);
                break;
            case 'b':
                if (!(arg instanceof Boolean)) text = arg == null ? "false" : "true";
                break;
            case 's':
            case 'S':
                if (precision >= 0 && precision < text.length()) text = text.substring(0, precision);
                if (kind == 'S') text = text.toUpperCase();
                break;
            case 'e':
            case 'E':
            case 'g':
            case 'o':
            case 'h':
            case 't':
                throw new UnsupportedOperationException("%" + kind + " is not supported");
            default:
                throw new java.util.UnknownFormatConversionException("" + kind);
        }
        return padded(text, width, flags);
    }
    private static void mismatch(char kind, Object arg) {
        throw new java.util.IllegalFormatConversionException(kind + " != " + Object.className(arg));
    }
    private static String signed(String text, String flags, int width) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        if (flags.indexOf(',') >= 0) {
            int point = digits.indexOf('.');
            int end = point < 0 ? digits.length() : point;
            String rest = digits.substring(end);
            while (end > 3) {
                rest = "," + digits.substring(end - 3, end) + rest;
                end -= 3;
            }
            digits = digits.substring(0, end) + rest;
        }
        if (negative && flags.indexOf('(') >= 0) return "(" + digits + ")";
        String sign = negative ? "-" : flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
        int missing = width - sign.length() - digits.length();
        if (flags.indexOf('0') >= 0 && missing > 0) digits = "0".repeat(missing) + digits;
        return sign + digits;
    }
    private static String floating(double d, String flags, int width, int precision) {
        if (Double.isNaN(d)) return "NaN";
        if (Double.isInfinite(d)) return d < 0.0 ? "-Infinity" : flags.indexOf('+') >= 0 ? "+Infinity" : "Infinity";
        boolean negative = Double.bits(d) < 0;
        String digits = String.valueOf(Double.digits(negative ? -d : d));
        int exponent = digits.equals("0") ? 0 : Double.exponent(d);
        int cut = -exponent - precision;
        if (cut > digits.length()) {
            digits = "0";
            exponent = -precision;
        } else if (cut > 0) {
            boolean up = digits.charAt(digits.length() - cut) >= '5';
            long kept = cut == digits.length() ? 0L : Long.parseLong(digits.substring(0, digits.length() - cut));
            digits = String.valueOf(up ? kept + 1L : kept);
            exponent = -precision;
        }
        if (exponent > 0) digits = digits + "0".repeat(exponent);
        int places = exponent < 0 ? -exponent : 0;
        if (digits.length() <= places) digits = "0".repeat(places + 1 - digits.length()) + digits;
        String text = digits.substring(0, digits.length() - places);
        if (precision > 0) text = text + "." + digits.substring(digits.length() - places) + "0".repeat(precision - places);
        return signed(negative ? "-" + text : text, flags, width);
    }
}
