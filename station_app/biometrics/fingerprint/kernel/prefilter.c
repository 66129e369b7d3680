/* The prefilter's inner loop, the optional fast form of ../prefilter_numpy.py.

   For every finger: the sum over the probe's cylinders of max(0, best dot product - floor)^2.
   All dot products are whole numbers, so that every path below gives the same sums up to the
   rounding of the last float additions. One path is chosen by what the processor can do.

   Fingers lie as ../packed_codes.py says: blocks of `block` fingers; within a block first the
   first cylinders of all its fingers, then the second ones; a cylinder's first 32 values in
   `coarse`, its other 32 in `fine`. Built by `make kernel`. */

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ABI 1
#define HALF 32 /* values of a cylinder in `coarse`, and in `fine` */
#define MOST 48 /* cylinders a finger or probe has at most */
#define TILE 4  /* cylinders of the gallery compared at once */
#define AHEAD 4 /* fingers from which memory is asked for in advance: 1.4 times as fast */
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 4")

enum { PORTABLE, AVX2, AVX_VNNI, AVX512_VNNI };

/* The probe in the order each path reads it: `lanes` is its number of cylinders rounded up
   to 16; those too many are zero and score nothing. */
struct probe {
    int lanes, size;                                /* size: 32 or 64 values a cylinder */
    float floor;
    int32_t start[MOST];                            /* -128 x sum of values: undoes the flip */
    int16_t rows[MOST][2 * HALF];                   /* [lane][value] */
    _Alignas(64) int8_t quads[MOST * 2 * HALF];     /* [value / 4][lane][value % 4] */
    _Alignas(64) int16_t pairs[MOST * 2 * HALF];    /* [value / 2][lane][value % 2] */
};

/* One finger: its cylinders are `step` bytes apart. */
struct finger {
    const int8_t *coarse, *fine;
    size_t step;
    int slots;
};

typedef float score(const struct probe *, struct finger);

static void fill_probe(struct probe *p, const int8_t *codes, int cylinders)
{
    memset(p->rows, 0, sizeof p->rows);
    p->lanes = (cylinders + 15) / 16 * 16;
    for (int lane = 0; lane < p->lanes; lane++) {
        int32_t sum = 0;
        for (int v = 0; v < p->size; v++) {
            int8_t value = lane < cylinders ? codes[lane * 2 * HALF + v] : 0;
            sum += value;
            p->rows[lane][v] = value;
            p->quads[(v / 4 * p->lanes + lane) * 4 + v % 4] = value;
            p->pairs[(v / 2 * p->lanes + lane) * 2 + v % 2] = value;
        }
        p->start[lane] = -128 * sum;
    }
}

static float squares_over(const struct probe *p, const int32_t *best)
{
    float sum = 0;
    for (int lane = 0; lane < p->lanes; lane++) {
        float over = (float)best[lane] - p->floor;
        sum += over > 0 ? over * over : 0;
    }
    return sum;
}

static float score_portable(const struct probe *p, struct finger f)
{
    int32_t best[MOST];
    for (int lane = 0; lane < p->lanes; lane++) best[lane] = INT_MIN;
    for (int s = 0; s < f.slots; s++) {
        int16_t row[2 * HALF];
        for (int v = 0; v < HALF; v++) row[v] = f.coarse[s * f.step + v];
        if (p->size > HALF)
            for (int v = 0; v < HALF; v++) row[HALF + v] = f.fine[s * f.step + v];
        for (int lane = 0; lane < p->lanes; lane++) {
            int32_t dot = 0;
            for (int v = 0; v < p->size; v++) dot += row[v] * p->rows[lane][v];
            if (dot > best[lane]) best[lane] = dot;
        }
    }
    return squares_over(p, best);
}

#if defined(__x86_64__) && (defined(__clang__) ? __clang_major__ >= 13 : __GNUC__ >= 11)
#include <immintrin.h>
#define FOR_AVX2 __attribute__((target("avx2")))
#define FOR_AVX_VNNI __attribute__((target("avx2,avxvnni")))
#define FOR_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

/* Copies the finger's cylinders together, values + 128: VNNI multiplies unsigned by signed
   bytes. Whole tiles: the last cylinder is repeated, which changes no maximum. */
INLINE FOR_AVX2 int flipped(const struct probe *p, struct finger f, uint8_t *rows)
{
    const __m256i flip = _mm256_set1_epi8((char)0x80);
    int whole = (f.slots + TILE - 1) / TILE * TILE;
    for (int s = 0; s < whole; s++, rows += p->size) {
        size_t at = (s < f.slots ? s : f.slots - 1) * f.step;
        __m256i half = _mm256_loadu_si256((const __m256i *)(f.coarse + at));
        _mm256_storeu_si256((__m256i *)rows, _mm256_xor_si256(half, flip));
        if (p->size == HALF) continue;
        half = _mm256_loadu_si256((const __m256i *)(f.fine + at));
        _mm256_storeu_si256((__m256i *)(rows + HALF), _mm256_xor_si256(half, flip));
    }
    return whole;
}

INLINE int32_t four_bytes(const void *from)
{
    int32_t word;
    memcpy(&word, from, 4);
    return word;
}

/* A tile of TILE cylinders against `n` vectors of the probe from vector `first` on, in the
   terms of one instruction set: VEC, LOAD, SET1, MAX, and DOT(sum, four bytes, probe). The sums
   stay in registers through the loop over values, and the maximum in `best`. */
#define TILES(NAME, TARGET, VEC, WIDTH, LOAD, SET1, MAX, DOT, ZERO)                               \
    INLINE TARGET void NAME(const struct probe *p, const void *rows, int whole, size_t row,       \
                            const void *own, int first, const int n, VEC *best)                   \
    {                                                                                             \
        const size_t line = (size_t)p->lanes * 4;                                                 \
        for (int s = 0; s < whole; s += TILE) {                                                   \
            const char *tile = (const char *)rows + s * row;                                      \
            const char *from = (const char *)own + first * sizeof(VEC);                           \
            VEC sums[TILE][3];                                                                    \
            UNROLL for (int t = 0; t < TILE; t++)                                                 \
                UNROLL for (int k = 0; k < n; k++)                                                \
                    sums[t][k] = ZERO ? SET1(0) : LOAD(p->start + (first + k) * WIDTH);           \
            for (size_t v = 0; v < row; v += 4, from += line)                                     \
                UNROLL for (int t = 0; t < TILE; t++) {                                           \
                    VEC word = SET1(four_bytes(tile + t * row + v));                              \
                    UNROLL for (int k = 0; k < n; k++)                                            \
                        sums[t][k] = DOT(sums[t][k], word, LOAD(from + k * sizeof(VEC)));         \
                }                                                                                 \
            UNROLL for (int t = 0; t < TILE; t++)                                                 \
                UNROLL for (int k = 0; k < n; k++) best[k] = MAX(best[k], sums[t][k]);            \
        }                                                                                         \
    }

#define LOAD512(from) _mm512_loadu_si512((const void *)(from))
#define LOAD256(from) _mm256_loadu_si256((const __m256i *)(from))
#define MADD(sum, word, own) _mm256_add_epi32(sum, _mm256_madd_epi16(word, own))
TILES(tiles_avx512, FOR_AVX512, __m512i, 16, LOAD512, _mm512_set1_epi32, _mm512_max_epi32,
      _mm512_dpbusd_epi32, 0)
TILES(tiles_avx_vnni, FOR_AVX_VNNI, __m256i, 8, LOAD256, _mm256_set1_epi32, _mm256_max_epi32,
      _mm256_dpbusd_avx_epi32, 0)
TILES(tiles_avx2, FOR_AVX2, __m256i, 8, LOAD256, _mm256_set1_epi32, _mm256_max_epi32, MADD, 1)

INLINE FOR_AVX512 float in_avx512(const struct probe *p, struct finger f, const int n)
{
    uint8_t rows[MOST * 2 * HALF];
    __m512i best[3];
    UNROLL for (int k = 0; k < n; k++) best[k] = _mm512_set1_epi32(INT_MIN);
    int whole = flipped(p, f, rows);
    tiles_avx512(p, rows, whole, p->size == HALF ? HALF : 2 * HALF, p->quads, 0, n, best);
    __m512 sum = _mm512_setzero_ps();
    UNROLL for (int k = 0; k < n; k++) {
        __m512 over = _mm512_sub_ps(_mm512_cvtepi32_ps(best[k]), _mm512_set1_ps(p->floor));
        over = _mm512_max_ps(over, _mm512_setzero_ps());
        sum = _mm512_fmadd_ps(over, over, sum);
    }
    return _mm512_reduce_add_ps(sum);
}

static FOR_AVX512 float score_avx512(const struct probe *p, struct finger f)
{
    return p->lanes == 48 ? in_avx512(p, f, 3)
         : p->lanes == 32 ? in_avx512(p, f, 2) : in_avx512(p, f, 1);
}

/* 256-bit paths: two vectors at a time, so that all sums have a register. */
#define PAIRS(TILES_OF, rows, whole, row, own)                                                    \
    int32_t best[MOST];                                                                           \
    __m256i most[2];                                                                              \
    for (int first = 0; first < p->lanes / 8; first += 2) {                                       \
        most[0] = most[1] = _mm256_set1_epi32(INT_MIN);                                           \
        TILES_OF(p, rows, whole, row, own, first, 2, most);                                       \
        _mm256_storeu_si256((__m256i *)(best + first * 8), most[0]);                              \
        _mm256_storeu_si256((__m256i *)(best + first * 8 + 8), most[1]);                          \
    }                                                                                             \
    return squares_over(p, best)

static FOR_AVX_VNNI float score_avx_vnni(const struct probe *p, struct finger f)
{
    uint8_t rows[MOST * 2 * HALF];
    int whole = flipped(p, f, rows);
    PAIRS(tiles_avx_vnni, rows, whole, p->size, p->quads);
}

static FOR_AVX2 float score_avx2(const struct probe *p, struct finger f)
{
    int16_t rows[MOST * 2 * HALF];
    int whole = (f.slots + TILE - 1) / TILE * TILE;
    for (int s = 0; s < whole; s++)
        for (int v = 0; v < p->size; v += 16) {
            size_t at = (s < f.slots ? s : f.slots - 1) * f.step;
            const int8_t *from = v < HALF ? f.coarse + at + v : f.fine + at + v - HALF;
            __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)from));
            _mm256_storeu_si256((__m256i *)(rows + s * p->size + v), wide);
        }
    PAIRS(tiles_avx2, rows, whole, (size_t)p->size * 2, p->pairs);
}

static score *const SCORES[] = {score_portable, score_avx2, score_avx_vnni, score_avx512};

static int can(int path)
{
    __builtin_cpu_init();
    switch (path) {
    case PORTABLE: return 1;
    case AVX2: return __builtin_cpu_supports("avx2");
    case AVX_VNNI: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avxvnni");
    case AVX512_VNNI:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
    default: return 0;
    }
}
#else
static score *const SCORES[] = {score_portable};
static int can(int path) { return path == PORTABLE; }
#endif

int32_t prefilter_abi(void) { return ABI; }

/* 1 where this processor and this build have the path. */
int32_t prefilter_can(int32_t path) { return can(path); }

struct gallery {
    const int8_t *coarse, *fine;
    const int64_t *starts;
    const uint8_t *counts;
    int64_t fingers, block;
};

INLINE struct finger at(const struct gallery *g, int64_t place)
{
    int64_t first = place / g->block * g->block;
    int64_t width = g->fingers - first < g->block ? g->fingers - first : g->block;
    int64_t begin = (g->starts[place / g->block] + place - first) * HALF;
    return (struct finger){
        g->coarse + begin, g->fine ? g->fine + begin : NULL, width * HALF, g->counts[place]};
}

/* A finger's cylinders lie far apart: the processor does not foresee which come next. */
INLINE void fetch(struct finger f)
{
    for (int s = 0; s < f.slots; s++) {
        __builtin_prefetch(f.coarse + s * f.step);
        if (f.fine) __builtin_prefetch(f.fine + s * f.step);
    }
}

/* Sums of `n` fingers: those at `places`, or the first `n` where that is NULL. `starts` are the
   first rows of the blocks; `codes` is the probe, 64 values a cylinder; `fine` is NULL where
   the first 32 decide. No finger and no probe has more than MOST cylinders. */
void prefilter_sums(int32_t path, const int8_t *coarse, const int8_t *fine, const int64_t *starts,
                    const uint8_t *counts, int64_t fingers, int64_t block, const int64_t *places,
                    int64_t n, const int8_t *codes, int32_t cylinders, float floor, float *sums)
{
    const struct gallery g = {coarse, fine, starts, counts, fingers, block};
    struct probe p = {.size = fine ? 2 * HALF : HALF, .floor = floor};
    fill_probe(&p, codes, cylinders);
    for (int64_t i = 0; i < n; i++) {
        if (i + AHEAD < n) fetch(at(&g, places ? places[i + AHEAD] : i + AHEAD));
        struct finger f = at(&g, places ? places[i] : i);
        sums[i] = f.slots ? SCORES[path](&p, f) : 0;
    }
}
