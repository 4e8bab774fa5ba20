#!/usr/bin/env bash
# The core is pure in behaviour: every symbol that its archives need from outside must be on the list below. Usage:
# purity.sh BUILD_DIR.
set -euo pipefail
build=$1
shopt -s nullglob
archives=("$build"/core/libpaso_core_*.a)
if [ ${#archives[@]} -eq 0 ]; then
    echo "purity: no core archives in $build" >&2
    exit 1
fi
# What any room may use: the language's runtime, the standard library, and C functions without a world.
common='_ZN?K?S[abdiost]|_ZNS|_ZNK?St|_ZNK?9__gnu_cxx|_ZSt|_ZT[ISV]N?St|_ZT[ISV]N10__cxxabiv|_ZT[ISVT]S|_ZT[ISVT]NSt|_Zn[aw]|_Zd[al]|_ZGVNSt|_ZNKSt'
common+='|__cxa_|_Unwind_|__gxx_personality|__stack_chk_fail|__dso_handle|_GLOBAL_OFFSET_TABLE_|__asan_|__ubsan_|__tsan_|__sanitizer'
common+='|mem(cpy|move|set|cmp|chr)$|str(len|cmp|ncmp|chr)$|strto(d|l|ll|ul|ull|f)$|snprintf$|__snprintf_chk$|__mem|abort$|__assert_fail$'
common+='|(l?l?round|floor|ceil|exp|log|pow|sqrt|fmod|isnan|log1p|trunc|modf|nearbyint|ldexp|frexp)f?l?$|__errno_location$|isalnum$|tolower$'
common+='|__(u?div|u?mod)ti3$'  # 128-bit division, of the compiler's runtime
common+='|__libc_single_threaded$|__clang_call_terminate|bcmp$|free$|malloc$|fmaxf?$|fminf?$|localeconv$'
status=0
defined=$(nm --defined-only "${archives[@]}" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u)
for archive in "${archives[@]}"; do
    allowed=$common
    case $archive in
    *core_trust.a) allowed+='|EVP_|X509|d2i_|i2d_|BN_|EC_|ECDSA_|RSA_|CMS_|OPENSSL_|CRYPTO_(free|malloc)|OBJ_|ASN1_|sk_|BIO_(new_mem|free)|OSSL_PARAM_|ERR_(set_mark|pop_to_mark)$' ;;
    *core_encoding.a) allowed+='|inflate|crc32$|adler32$' ;;
    esac
    bad=$(nm -u "$archive" | awk '$1 == "U" { print $2 }' | sort -u | comm -23 - <(echo "$defined") | grep -vE "^($allowed)" || true)
    if [ -n "$bad" ]; then
        echo "purity: $(basename "$archive") needs:" >&2
        echo "$bad" | c++filt >&2
        status=1
    fi
    # The standard library is allowed, its windows on the world are not.
    bad=$(nm -u "$archive" | awk '{ print $2 }' | c++filt |
        grep -E 'std::(random_device|chrono::.*_clock::now|thread|mutex|condition_variable|basic_[io]?fstream|basic_filebuf|filesystem|cout|cerr|cin|clog|locale::global)|_ios_base4Init' || true)
    if [ -n "$bad" ]; then
        echo "purity: $(basename "$archive") looks out of the window:" >&2
        echo "$bad" >&2
        status=1
    fi
done
[ $status -eq 0 ] && echo "purity: ${#archives[@]} archives"
exit $status
