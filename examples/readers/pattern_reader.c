/* A fingerprint reader's program in C, without any library: a reader that streams.
 *
 *     cc -O2 -o pattern_reader pattern_reader.c -lm
 *
 * Its reader is a pattern of ridges, laid on the glass two seconds after it is asked for: a touch,
 * eight frames in which the finger settles, the image. Replace `finger` and `touch` by the calls of
 * a maker's library. docs/reader-protocol.md has the rules.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 256, HEIGHT = 360, PPI = 500, FRAMES = 8, MOST_ORDER = 4096 };

static unsigned char picture[WIDTH * HEIGHT];

/* Write all of it; the program ends when the station is gone. */
static void put(const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t done = write(1, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            exit(0);
        at += done;
        size -= (size_t)done;
    }
}

static void get(void *data, size_t size)
{
    char *at = data;
    while (size > 0) {
        ssize_t done = read(0, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            exit(0);
        at += done;
        size -= (size_t)done;
    }
}

/* A message: 4 bytes of length, big-endian, the header, the raw bytes that it announces. */
static void say(const char *header, const void *raw, size_t size)
{
    uint32_t length = (uint32_t)strlen(header);
    unsigned char head[4] = {length >> 24, length >> 16, length >> 8, length};
    put(head, sizeof head);
    put(header, length);
    put(raw, size);
}

/* The next order's text, 0 after so many milliseconds without one; -1 waits. */
static int order(char text[MOST_ORDER + 1], int milliseconds)
{
    struct pollfd in = {.fd = 0, .events = POLLIN};
    if (poll(&in, 1, milliseconds) <= 0)
        return 0;
    unsigned char head[4];
    get(head, sizeof head);
    uint32_t length = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | head[2] << 8 | head[3];
    if (length > MOST_ORDER)
        exit(1);
    get(text, length);
    text[length] = 0;
    return 1;
}

/* Orders are flat objects of names, words and whole numbers, so that this suffices to read them. */
static int is_order(const char *text, const char *name)
{
    const char *at = strstr(text, "\"do\"");
    if (at == NULL || (at = strchr(at + 4, ':')) == NULL || (at = strchr(at, '"')) == NULL)
        return 0;
    size_t length = strlen(name);
    return strncmp(at + 1, name, length) == 0 && at[1 + length] == '"';
}

static long long number_of(const char *text)
{
    const char *at = strstr(text, "\"number\"");
    return at == NULL || (at = strchr(at + 8, ':')) == NULL ? 0 : strtoll(at + 1, NULL, 10);
}

/* What lies on the glass; `strength` is 0.0 (nothing) to 1.0. */
static void finger(double strength)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            double from = hypot(x - WIDTH / 2.0, 1.3 * (y - HEIGHT / 3.0));
            double ridge = 140 + 110 * cos(from * 2 * M_PI / 9);
            picture[y * WIDTH + x] = (unsigned char)(255 - (255 - ridge) * strength);
        }
}

/* Wait so long, answering the station; 1 when this capture was cancelled. */
static int cancelled(long long number, int milliseconds)
{
    char text[MOST_ORDER + 1], said[128];
    while (order(text, milliseconds)) {
        if (is_order(text, "ping"))
            say("{\"is\": \"pong\"}", NULL, 0);
        if (is_order(text, "cancel") && number_of(text) == number) {
            snprintf(said, sizeof said, "{\"is\": \"cancelled\", \"to\": %lld}", number);
            say(said, NULL, 0);
            return 1;
        }
    }
    return 0;
}

static void show(const char *is, long long number, int progress)
{
    char said[256];
    snprintf(said, sizeof said,
             "{\"is\": \"%s\", \"to\": %lld, \"width\": %d, \"height\": %d, \"progress\": %d, "
             "\"bytes\": %d}",
             is, number, WIDTH, HEIGHT, progress, WIDTH * HEIGHT);
    say(said, picture, sizeof picture);
}

static void touch(long long number)
{
    char said[128];
    for (int waited = 0; waited < 40; waited++)
        if (cancelled(number, 50))
            return;
    snprintf(said, sizeof said, "{\"is\": \"finger\", \"to\": %lld, \"on\": true}", number);
    say(said, NULL, 0);
    for (int frame = 1; frame <= FRAMES; frame++) {
        finger((double)frame / FRAMES);
        show("frame", number, 100 * frame / FRAMES);
        if (cancelled(number, 40))
            return;
    }
    show("image", number, 100);
}

int main(void)
{
    char text[MOST_ORDER + 1], said[256];
    do
        order(text, -1);
    while (!is_order(text, "hello"));
    say("{\"is\": \"hello\", \"protocol\": 1}", NULL, 0);
    snprintf(said, sizeof said,
             "{\"is\": \"ready\", \"name\": \"Pattern of ridges\", \"ppi\": %d, \"width\": %d, "
             "\"height\": %d, \"abilities\": [\"streams\", \"senses_finger\", \"cancels\"]}",
             PPI, WIDTH, HEIGHT);
    say(said, NULL, 0);
    for (;;) {
        order(text, -1);
        if (is_order(text, "capture"))
            touch(number_of(text));
        else if (is_order(text, "ping"))
            say("{\"is\": \"pong\"}", NULL, 0);
    }
}
