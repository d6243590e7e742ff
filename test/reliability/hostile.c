/* Preloaded into a process: its calls of fsync take longer, and its clock is wrong, as a little file says at every moment. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
  volatile int64_t clock_offset_s;
  volatile int64_t sync_delay_ms;
};
static const struct control nothing;
static const struct control *control = &nothing;
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const char *file = getenv("HOSTILE_CONTROL");
  int fd = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) control = mapped;
  close(fd);
}

static void wait_for_the_disk(void) {
  if (control->sync_delay_ms > 0) usleep(control->sync_delay_ms * 1000);
}
int fsync(int fd) {
  wait_for_the_disk();
  return real_fsync(fd);
}
int fdatasync(int fd) {
  wait_for_the_disk();
  return real_fdatasync(fd);
}
int clock_gettime(clockid_t id, struct timespec *at) {
  int result = real_clock_gettime(id, at);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) at->tv_sec += control->clock_offset_s;
  return result;
}
int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
