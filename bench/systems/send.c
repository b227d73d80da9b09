// The limit of the fan-out bench: a loop of send() over plain sockets, with no WebSocket and no runtime in between.
//
// usage: send FRAME DIGITS    FRAME: file with the frame to send, in which every occurrence of DIGITS is replaced by the
//                             seq of the event, once per event
// Prints "port N". Then, from stdin:
//   accept COUNT                       takes COUNT connections, prints "ready"
//   publish FIRST EVENTS BURST WINDOW  sends EVENTS frames to each connection, at most WINDOW of them ahead of "ack";
//                                      prints "done CPU_US WALL_US" when all are acknowledged
//   ack EVENTS                         so many events of this publish have been received by all
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char frame[65536];
static size_t frame_length;
static char *places[16];
static int place_count;
static size_t digits;
static int *sockets;
static int socket_count;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void load(const char *path, const char *pattern) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path);
  frame_length = fread(frame, 1, sizeof frame, file);
  fclose(file);
  digits = strlen(pattern);
  char *at = frame;
  while (place_count < 16 && (at = memmem(at, frame_length - (at - frame), pattern, digits)) != NULL) {
    places[place_count++] = at;
    at += digits;
  }
}

static void number(long seq) {
  char text[32];
  snprintf(text, sizeof text, "%0*ld", (int)digits, seq);
  for (int i = 0; i < place_count; i++) memcpy(places[i], text, digits);
}

static void send_all(int target) {
  size_t sent = 0;
  while (sent < frame_length) {
    ssize_t n = send(target, frame + sent, frame_length - sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) fail("send");
    if (n > 0) sent += n;
  }
}

static long microseconds(struct timeval t) { return t.tv_sec * 1000000L + t.tv_usec; }

static long cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

static long wall(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static char *read_line(char *line, int size) {
  char *read = fgets(line, size, stdin);
  if (read == NULL) exit(0);
  return read;
}

static long wait_for_ack(void) {
  char line[128];
  long acknowledged;
  if (sscanf(read_line(line, sizeof line), "ack %ld", &acknowledged) != 1) {
    fprintf(stderr, "expected ack, got %s", line);
    exit(1);
  }
  return acknowledged;
}

static void publish(long first, long events, long burst, long window) {
  long cpu_before = cpu(), wall_before = wall(), acknowledged = 0;
  for (long sent = 0; sent < events;) {
    while (sent - acknowledged > window - burst) acknowledged = wait_for_ack();
    for (long i = 0; i < burst && sent < events; i++, sent++) {
      number(first + sent);
      for (int s = 0; s < socket_count; s++) send_all(sockets[s]);
    }
  }
  while (acknowledged < events) acknowledged = wait_for_ack();
  printf("done %ld %ld\n", cpu() - cpu_before, wall() - wall_before);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: send FRAME DIGITS\n");
    return 2;
  }
  load(argv[1], argv[2]);
  setvbuf(stdout, NULL, _IOLBF, 0);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("port %d\n", ntohs(address.sin_port));

  char line[128];
  for (;;) {
    long a, b, c, d;
    read_line(line, sizeof line);
    if (sscanf(line, "accept %ld", &a) == 1) {
      sockets = calloc(a, sizeof *sockets);
      for (socket_count = 0; socket_count < a; socket_count++) {
        int on = 1;
        if ((sockets[socket_count] = accept(listener, NULL, NULL)) < 0) fail("accept");
        setsockopt(sockets[socket_count], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      }
      printf("ready\n");
    } else if (sscanf(line, "publish %ld %ld %ld %ld", &a, &b, &c, &d) == 4) {
      publish(a, b, c, d);
    }
  }
}
