/* A chain of blocks: the first one stays, the others live for one request. */
#include "base/arena.h"

#include "base/limits.h"

#include <stdalign.h>
#include <stdint.h>

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	size_t cap;
	size_t total;
	struct block *first;
	struct block *current;
};

static struct block *
block_new(size_t size)
{
	struct block *block = malloc(sizeof *block + size);

	if (block == NULL)
		return NULL;
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *
arena_new(size_t cap)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (arena == NULL)
		return NULL;
	arena->cap = cap;
	arena->first = block_new(LIMIT_ARENA_BLOCK);
	if (arena->first == NULL) {
		free(arena);
		return NULL;
	}
	arena->current = arena->first;
	return arena;
}

void
arena_free(struct arena **arena)
{
	if (*arena == NULL)
		return;
	arena_reset(*arena);
	free((*arena)->first);
	free(*arena);
	*arena = NULL;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *block = arena->current;
	unsigned char *start;

	if (size > arena->cap - arena->total)
		return NULL;
	size = (size + align - 1) & ~(align - 1);
	if (size > arena->cap - arena->total)
		return NULL;
	if (size > block->size - block->used) {
		block = block_new(
		    size > LIMIT_ARENA_BLOCK ? size : LIMIT_ARENA_BLOCK);
		if (block == NULL)
			return NULL;
		arena->current->next = block;
		arena->current = block;
	}
	start = block->bytes + block->used;
	block->used += size;
	arena->total += size;
	memset(start, 0, size);
	return start;
}

void
arena_reset(struct arena *arena)
{
	struct block *block = arena->first;
	struct block *next = block->next;

	explicit_bzero(block->bytes, block->used);
	block->used = 0;
	block->next = NULL;
	for (block = next; block != NULL; block = next) {
		next = block->next;
		explicit_bzero(block->bytes, block->used);
		free(block);
	}
	arena->current = arena->first;
	arena->total = 0;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->total;
}
