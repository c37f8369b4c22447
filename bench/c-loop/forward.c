/*
 * The same work as "Dais.Bench forward" with nothing around it: one thread takes each 1200-byte packet of one source, and for each of
 * 256 subscribers rewrites the header, encrypts with the subscriber's AES-128-GCM key (SRTP, RFC 7714) and sends, 64 datagrams a call.
 * What a worker does besides (parsing, looking up, deciding, decrypting what comes in) is left out: this is the limit to hold it against.
 *
 * Prints one line per repetition: "null" (encrypted, not sent) or "sendmmsg", and nanoseconds of CPU per forwarded packet.
 *
 *   cc -O2 -o forward forward.c -lcrypto && ./forward [repetitions]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
    SUBSCRIBERS = 256,
    PACKETS = 240,
    WARM_UP = 5,
    BATCH = 64,
    HEADER = 12,
    PACKET = 1200,
    TAG = 16,
    SALT = 12,
    BUFFER = 2048,
    RECEIVE_BUFFER = 64 * 1024,
    SEND_BUFFER = 4 * 1024 * 1024,
};

struct subscriber {
    EVP_CIPHER_CTX *cipher;
    uint8_t salt[SALT];
    uint32_t ssrc;
    uint64_t next_index;
    uint32_t timestamp_offset;
    struct sockaddr_in address;
};

static struct subscriber subscribers[SUBSCRIBERS];
static uint8_t source[PACKET];
static uint8_t buffers[BATCH][BUFFER] __attribute__((aligned(64)));
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];
static int queued;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double thread_cpu_nanoseconds(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0)
        fail("clock_gettime");
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int open_receiver(struct sockaddr_in *address)
{
    int receiver = socket(AF_INET, SOCK_DGRAM, 0);
    int bytes = RECEIVE_BUFFER;
    socklen_t length = sizeof *address;
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address->sin_port = 0;
    if (receiver < 0
        || setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) != 0
        || bind(receiver, (struct sockaddr *)address, sizeof *address) != 0
        || getsockname(receiver, (struct sockaddr *)address, &length) != 0)
        fail("receiver");
    return receiver;
}

static void open_subscriber(struct subscriber *subscriber, uint32_t ssrc)
{
    uint8_t key[16];
    if (RAND_bytes(key, sizeof key) != 1 || RAND_bytes(subscriber->salt, SALT) != 1)
        fail("random");
    subscriber->ssrc = ssrc;
    subscriber->next_index = 1000;
    subscriber->timestamp_offset = ssrc * 7919;
    subscriber->cipher = EVP_CIPHER_CTX_new();
    if (!subscriber->cipher || EVP_EncryptInit_ex(subscriber->cipher, EVP_aes_128_gcm(), NULL, key, NULL) != 1)
        fail("cipher");
    open_receiver(&subscriber->address);
}

static void write_u16(uint8_t *to, uint16_t value)
{
    value = htons(value);
    memcpy(to, &value, sizeof value);
}

static void write_u32(uint8_t *to, uint32_t value)
{
    value = htonl(value);
    memcpy(to, &value, sizeof value);
}

/* The nonce of RFC 7714 section 8.1: two zero bytes, the SSRC, the 48-bit packet index; all of it with the salt on top. */
static void make_nonce(uint8_t *nonce, const struct subscriber *subscriber, uint64_t index)
{
    nonce[0] = nonce[1] = 0;
    write_u32(nonce + 2, subscriber->ssrc);
    write_u16(nonce + 6, (uint16_t)(index >> 32));
    write_u32(nonce + 8, (uint32_t)index);
    for (int i = 0; i < SALT; i++)
        nonce[i] ^= subscriber->salt[i];
}

static int protect(struct subscriber *subscriber, uint8_t *to, uint32_t timestamp)
{
    uint64_t index = subscriber->next_index++;
    uint8_t nonce[SALT];
    int length;
    to[0] = 0x80;
    to[1] = 0x80 | 120;
    write_u16(to + 2, (uint16_t)index);
    write_u32(to + 4, timestamp + subscriber->timestamp_offset);
    write_u32(to + 8, subscriber->ssrc);
    make_nonce(nonce, subscriber, index);
    EVP_CIPHER_CTX *cipher = subscriber->cipher;
    if (EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, nonce) != 1
        || EVP_EncryptUpdate(cipher, NULL, &length, to, HEADER) != 1
        || EVP_EncryptUpdate(cipher, to + HEADER, &length, source + HEADER, PACKET - HEADER) != 1
        || EVP_EncryptFinal_ex(cipher, to + PACKET, &length) != 1
        || EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG, to + PACKET) != 1)
        fail("encrypt");
    return PACKET + TAG;
}

static void flush(int sender)
{
    int done = 0;
    while (sender >= 0 && done < queued) {
        int sent = sendmmsg(sender, messages + done, queued - done, MSG_DONTWAIT);
        if (sent <= 0)
            fail("sendmmsg");
        done += sent;
    }
    queued = 0;
}

/* Forwards PACKETS packets to everyone; without a sender (-1) what is encrypted is thrown away. */
static void forward(int sender)
{
    for (uint32_t packet = 0; packet < PACKETS; packet++) {
        for (int i = 0; i < SUBSCRIBERS; i++) {
            struct subscriber *subscriber = &subscribers[i];
            vectors[queued].iov_len = protect(subscriber, buffers[queued], packet * 3000);
            messages[queued].msg_hdr.msg_name = &subscriber->address;
            messages[queued].msg_hdr.msg_namelen = sizeof subscriber->address;
            if (++queued == BATCH)
                flush(sender);
        }
    }
    flush(sender);
}

static void measure(const char *name, int sender, int repetitions)
{
    for (int i = -WARM_UP; i < repetitions; i++) {
        double before = thread_cpu_nanoseconds();
        forward(sender);
        double spent = thread_cpu_nanoseconds() - before;
        if (i >= 0)
            printf("%s %.1f\n", name, spent / (PACKETS * SUBSCRIBERS));
    }
}

int main(int count, char **arguments)
{
    int repetitions = count > 1 ? atoi(arguments[1]) : 11;
    int bytes = SEND_BUFFER;
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in local = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (sender < 0
        || setsockopt(sender, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) != 0
        || bind(sender, (struct sockaddr *)&local, sizeof local) != 0)
        fail("sender");
    if (RAND_bytes(source, sizeof source) != 1)
        fail("random");
    for (int i = 0; i < SUBSCRIBERS; i++)
        open_subscriber(&subscribers[i], 0x20000000u + i);
    for (int i = 0; i < BATCH; i++) {
        vectors[i].iov_base = buffers[i];
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    measure("null", -1, repetitions);
    measure("sendmmsg", sender, repetitions);
    return 0;
}
