'use client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { onPress } from '@/lib/state/page';
import { type Example, fetchExample, fetchExampleIndex } from './examples';

const forEver = { staleTime: Infinity, gcTime: Infinity } as const;

export const exampleIndexQuery = queryOptions({ queryKey: ['examples'], queryFn: fetchExampleIndex, ...forEver });

export const useExamples = (): UseQueryResult<readonly Example[]> => useQuery(exampleIndexQuery);

export const exampleQuery = (example: Example) =>
  queryOptions({ queryKey: ['example', example.id], queryFn: () => fetchExample(example), ...forEver, ...onPress });
