"""The headers that can be included: what each defines as macros and types. Its functions are in `library.py`."""

LIMITS = {
    "CHAR_BIT": "8",
    "SCHAR_MIN": "(-128)",
    "SCHAR_MAX": "127",
    "UCHAR_MAX": "255",
    "CHAR_MIN": "(-128)",
    "CHAR_MAX": "127",
    "SHRT_MIN": "(-32768)",
    "SHRT_MAX": "32767",
    "USHRT_MAX": "65535",
    "INT_MIN": "(-2147483647 - 1)",
    "INT_MAX": "2147483647",
    "UINT_MAX": "4294967295U",
    "LONG_MIN": "(-9223372036854775807L - 1L)",
    "LONG_MAX": "9223372036854775807L",
    "ULONG_MAX": "18446744073709551615UL",
    "LLONG_MIN": "(-9223372036854775807L - 1L)",
    "LLONG_MAX": "9223372036854775807L",
    "ULLONG_MAX": "18446744073709551615UL",
}
FLOATS = {
    "DBL_MAX": "1.7976931348623157e308",
    "DBL_MIN": "2.2250738585072014e-308",
    "DBL_EPSILON": "2.2204460492503131e-16",
    "DBL_DIG": "15",
    "DBL_MANT_DIG": "53",
    "DBL_MAX_EXP": "1024",
    "DBL_MIN_EXP": "(-1021)",
    "DBL_MAX_10_EXP": "308",
    "FLT_RADIX": "2",
}
MATHEMATICS = {
    "M_PI": "3.14159265358979323846",
    "M_E": "2.7182818284590452354",
    "M_SQRT2": "1.41421356237309504880",
    "M_PI_2": "1.57079632679489661923",
    "M_LN2": "0.69314718055994530942",
    "HUGE_VAL": "(1e308 * 10)",
    "INFINITY": "(1e308 * 10)",
    "NAN": "(-(0.0 / 0.0))",
    "isnan(x)": "((x) != (x))",
    "isinf(x)": "(!((x) != (x)) && ((x) - (x)) != ((x) - (x)))",
    "isfinite(x)": "(((x) - (x)) == ((x) - (x)))",
    "signbit(x)": "__signbit(x)",
}
_LONG_BITS = 64
WIDTHS = {
    **{f"INT{bits}_MAX": f"{2 ** (bits - 1) - 1}" + ("L" if bits == _LONG_BITS else "") for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}_MAX": f"{2**bits - 1}" + {32: "U", 64: "UL"}.get(bits, "") for bits in (8, 16, 32, 64)},
    "INT8_MIN": "(-128)",
    "INT16_MIN": "(-32768)",
    "INT32_MIN": "(-2147483647 - 1)",
    "INT64_MIN": "(-9223372036854775807L - 1L)",
    "SIZE_MAX": "18446744073709551615UL",
    "INTPTR_MAX": "9223372036854775807L",
}
_NULL = {"NULL": "((void *)0)"}
FORMATS = {
    **{f"PRI{letter}{bits}": f'"{letter}"' for bits in (8, 16, 32) for letter in "diuxX"},
    **{f"PRI{letter}64": f'"l{letter}"' for letter in "diuxX"},
    **{f"SCN{letter}32": f'"{letter}"' for letter in "diux"},
    **{f"SCN{letter}64": f'"l{letter}"' for letter in "diux"},
}

MACROS: dict[str, dict[str, str]] = {
    "stdio.h": {
        **_NULL,
        "EOF": "(-1)",
        "stdin": "__stdin",
        "stdout": "__stdout",
        "stderr": "__stderr",
        "BUFSIZ": "8192",
    },
    "stdlib.h": {**_NULL, "EXIT_SUCCESS": "0", "EXIT_FAILURE": "1", "RAND_MAX": "2147483647"},
    "string.h": _NULL,
    "ctype.h": {},
    "stddef.h": {**_NULL, "offsetof(type, member)": "((unsigned long)&((type *)0)->member)"},
    "limits.h": LIMITS,
    "float.h": FLOATS,
    "math.h": MATHEMATICS,
    "stdbool.h": {"bool": "_Bool", "true": "1", "false": "0"},
    "stdint.h": WIDTHS,
    "inttypes.h": {**WIDTHS, **FORMATS},
    "assert.h": {"assert(e)": "((e) ? (void)0 : __assert_failed(#e, __LINE__))"},
    "stdarg.h": {
        "va_start(list, last)": "((list) = __va_args())",
        "va_arg(list, type)": "(*(type *)(((list) += 8) - 8))",
        "va_end(list)": "((void)0)",
        "va_copy(to, from)": "((to) = (from))",
    },
}

_SIZES = {"size_t": "unsigned long"}
_INTEGERS = {
    **{f"int{bits}_t": one for bits, one in ((8, "signed char"), (16, "short"), (32, "int"), (64, "long"))},
    **{f"uint{bits}_t": f"unsigned {one}" for bits, one in ((8, "char"), (16, "short"), (32, "int"), (64, "long"))},
    "intptr_t": "long",
    "uintptr_t": "unsigned long",
    "intmax_t": "long",
    "uintmax_t": "unsigned long",
}
TYPES: dict[str, dict[str, str]] = {
    "stdio.h": {**_SIZES, "FILE": "struct __file"},
    "stdlib.h": _SIZES,
    "string.h": _SIZES,
    "stddef.h": {**_SIZES, "ptrdiff_t": "long"},
    "stdint.h": _INTEGERS,
    "inttypes.h": _INTEGERS,
    "stdarg.h": {"va_list": "char *"},
}
